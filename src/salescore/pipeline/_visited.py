"""Stages as visits tell of them: which funnel, and what becomes of a stage's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import cast

import attrs

from salescore.entities import StageKind
from salescore.errors import InvalidValue
from salescore.funnel import Funnel
from salescore.rules import F, Term, coalesce

CLOSED = ("won", "lost", "void")
"""Kinds of the stages in which a sale is done with."""

OPEN, HOLD = "open", "hold"


def is_of_funnel(name: str) -> Term:
    """Return whether a row is of a funnel; one that names none is taken for its own."""
    return coalesce(F.funnel, name) == name


def check_one_funnel(places: Iterable[tuple[str | None, str | None]]) -> None:
    """
    Refuse stages of one name in several funnels.

    Args:
        places: Stages, each with the name of its funnel; `None` where nobody knows it.

    Raises:
        InvalidValue: Two funnels have a stage of one name.
    """
    homes: dict[str, set[str]] = {}
    for stage, funnel in places:
        if stage is not None and funnel is not None:
            homes.setdefault(stage, set()).add(funnel)
    for stage, funnels in sorted(homes.items()):
        if len(funnels) > 1:
            fault = f"several funnels have a stage {stage}; name one"
            raise InvalidValue("funnel", tuple(sorted(funnels)), fault)


@attrs.frozen(order=True)
class VisitedStage:
    """
    A stage in which sales stay; on hold it is another one, though it may have the same name.

    Attributes:
        funnel: Name of the funnel; empty where visits name none.
        stage: Key of the stage.
        is_hold: Whether sales are on hold there.
    """

    funnel: str
    stage: str
    is_hold: bool = False


@attrs.frozen
class Wanted:
    """
    The funnels whose stages are asked for.

    Attributes:
        funnel: A funnel, the name of one, or `None` for every one.
    """

    funnel: Funnel | str | None

    def __attrs_post_init__(self) -> None:
        given = cast("object", self.funnel)
        if given is not None and not isinstance(given, Funnel | str):
            raise InvalidValue("funnel", given, "it must be a Funnel or the name of one")

    @property
    def name(self) -> str | None:
        """Return the name of the funnel; `None` for every one."""
        return self.funnel.name if isinstance(self.funnel, Funnel) else self.funnel

    def stage(self, funnel: str | None, stage: str | None, kind: str | None) -> VisitedStage | None:
        """
        Return the stage of a visit; `None` for one of another funnel, or where a sale is done with.

        A visit that names no funnel is of the one asked for, and a key of an earlier version is
        that of today.
        """
        name = self.name
        if stage is None or kind in CLOSED or (name is not None and funnel not in (None, name)):
            return None
        home = name if name is not None else funnel or ""
        return VisitedStage(home, self.key_now(stage), kind == HOLD)

    def key_now(self, stage: str) -> str:
        """Return what the funnel calls a stage today; where no stages are told, as it is."""
        return self.funnel.key_now(stage) if isinstance(self.funnel, Funnel) else stage

    def keys_of(self, stage: str) -> tuple[str, ...]:
        """Return the keys that records bear of a stage: its own, and those of earlier versions."""
        found = self.funnel.by_key.get(stage) if isinstance(self.funnel, Funnel) else None
        return (stage,) if found is None else (stage, *found.former)

    def knows(self, stage: VisitedStage) -> bool:
        """Return whether the funnel has a stage; where no stages are told, it has."""
        return self._places is None or stage.stage in self._places

    @property
    def stages(self) -> tuple[VisitedStage, ...]:
        """Return the stages of the funnel in which sales stay, in order; none without a funnel."""
        if not isinstance(self.funnel, Funnel):
            return ()
        stays = {StageKind.OPEN: False, StageKind.HOLD: True}
        return tuple(
            VisitedStage(self.funnel.name, one.key, stays[one.kind])
            for one in self.funnel.stages
            if one.kind in stays
        )

    @cached_property
    def _places(self) -> Mapping[str, int] | None:
        if not isinstance(self.funnel, Funnel):
            return None
        return {key: place for place, key in enumerate(self.funnel.by_key)}

    def in_order(self, stages: Iterable[VisitedStage]) -> list[VisitedStage]:
        """Return stages in the order of the funnel; without one by name."""
        places = cast("Mapping[str, int]", self._places or {})
        return sorted(stages, key=lambda one: (places.get(one.stage, len(places)), one))

    def words(self, stage: VisitedStage) -> tuple[str, str]:
        """Return the English and Chinese label of a stage, its key where it has none."""
        found = self.funnel.by_key.get(stage.stage) if isinstance(self.funnel, Funnel) else None
        en, zh = ("", "") if found is None else found.labels
        return en or stage.stage, zh or stage.stage
