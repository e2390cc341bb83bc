"""Why a rate differs between two periods or two groups: other rates, or another mix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue
from salescore.metrics import (
    FRACTION,
    AnyFacts,
    Figure,
    FigureDefinition,
    FigureSource,
    Slice,
    figure,
    find_figure,
    slices,
    source_of,
)
from salescore.pipeline._conversion import cohort_conversion
from salescore.pipeline._passages import Passages
from salescore.plain import as_tuple
from salescore.stats import GroupEffect, GroupRate, RateMix, rate_mix
from salescore.values import Period


@attrs.frozen(kw_only=True)
class MixRow:
    """
    What one group adds to the difference of two rates.

    Attributes:
        key: Value of the dimension; `None` for the rows without one.
        label: What to call it.
        effect: Its rates, weights, rate effect and mix effect, in exact fractions.
    """

    key: str | None
    label: str
    effect: GroupEffect


@attrs.frozen(kw_only=True)
class MixShift:
    """
    The difference of a rate between two sides, split without a rest.

    Attributes:
        name: Name of the figure.
        by: The dimension of the groups.
        before: The figure on the first side.
        after: The figure on the second side.
        difference: The second less the first, an exact fraction; `None` when undefined.
        rate_effect: What comes from other rates of the groups; with the mix effect it is the
            difference.
        mix_effect: What comes from other weights of the groups.
        rows: The groups, those that add most, up or down, first.
        reason: Why it is undefined; `None` when it is defined.
    """

    name: str
    by: str
    before: Figure
    after: Figure
    difference: Fraction | None
    rate_effect: Fraction | None
    mix_effect: Fraction | None
    rows: tuple[MixRow, ...] = attrs.field(default=(), converter=as_tuple)
    reason: str | None = None


def mix_shift(
    name: str | FigureDefinition,
    facts: AnyFacts,
    *,
    by: str,
    before: Period,
    after: Period,
) -> MixShift:
    """
    Return why a rate changed between two periods: rates of groups, or their mix.

    Args:
        name: A share of the catalogue, such as `win_rate`, `conversion_rate` or
            `stage_conversion`, or one of your own.
        facts: The fact tables of a book, or another source.
        by: Dimension of the groups, such as `source`.
        before: The first period.
        after: The second period.

    Raises:
        InvalidValue: The figure is no share of counted rows or of an amount.
        UnknownName: There is no such figure or dimension.

    Source:
        Kitagawa (1955), as in `rate_mix`.
    """
    definition, source = _share(name), source_of(facts)
    sides = [slices(definition, source, by=by, during=during) for during in (before, after)]
    wholes = [figure(definition, source, during=during) for during in (before, after)]
    return _split(definition.name, by, wholes, [_grouped(side, 0) for side in sides])


def mix_between(
    name: str | FigureDefinition,
    facts: AnyFacts,
    first: str,
    second: str,
    *,
    of: str = "team",
    by: str,
    during: Period | None = None,
) -> MixShift:
    """
    Return why a rate differs between two groups, such as teams: rates of parts, or their mix.

    Args:
        name: As for `mix_shift`.
        facts: The fact tables of a book, or another source.
        first: Value of the dimension `of` on the first side, such as the id of a team.
        second: Value on the second side.
        of: Dimension whose values are compared.
        by: Dimension of the parts, such as `product_family`.
        during: Period; `None` takes every date.

    Raises:
        InvalidValue: As `mix_shift`, or the two dimensions are one.
        UnknownName: There is no such figure or dimension.
    """
    definition, source = _share(name), source_of(facts)
    if of == by:
        raise InvalidValue("by", by, "the parts must be of another dimension")
    found = slices(definition, source, by=(of, by), during=during)
    wholes = {one.key: one.figure for one in slices(definition, source, by=of, during=during)}
    keys = (first, second)
    return _split(
        definition.name,
        by,
        [wholes.get(key) or _nothing(definition, source, key, during) for key in keys],
        [_grouped([one for one in found if one.key == key], 1) for key in keys],
    )


def conversion_mix_shift(
    ways: Passages,
    source: str,
    target: str,
    *,
    before: Period,
    after: Period,
    days: int | None = None,
    complete_only: bool = False,
) -> MixShift:
    """
    Return why a conversion by cohort changed between two periods: rates of groups, or their mix.

    Args:
        ways: How far the sales came, made with a dimension to group by.
        source: Key of the stage.
        target: Key of a later one.
        before: Period in which the stage was first reached, on the first side.
        after: The same on the second side.
        days: Days of the horizon; `None` follows every sale to the last day known, which gives
            earlier ones more time.
        complete_only: Whether sales are left out whose horizon is not over.

    Raises:
        InvalidValue: The passages have no dimension, or as `cohort_conversion`.
        UnknownName: As `cohort_conversion`.
    """

    def converted(those: Passages, during: Period) -> Figure:
        return cohort_conversion(
            those, source, target, days=days, during=during, complete_only=complete_only
        ).figure

    if ways.by is None:
        raise InvalidValue("by", None, "these passages were made without a dimension")
    parts = {key: ways.of(key) for key in (*ways.groups, None)}
    return _split(
        "cohort_conversion",
        ways.by,
        [converted(ways, during) for during in (before, after)],
        [
            {
                key: (ways.label(key), found)
                for key, those in parts.items()
                if (found := converted(those, during)).n
            }
            for during in (before, after)
        ],
    )


_BOTH = 2
_Groups = Mapping[str | None, tuple[str, Figure]]


def _share(name: str | FigureDefinition) -> FigureDefinition:
    found = find_figure(name)
    sides = [(one.table, one.date, one.aggregate) for one in found.measures]
    of = {one.of for one in found.measures}
    is_amount = len(sides) == _BOTH == sides.count(sides[0]) and len(of) == 1 and None not in of
    if found.unit != FRACTION or not (found.is_share or is_amount):
        raise InvalidValue("figure", found.name, "it must be a share, such as win_rate")
    return found


def _grouped(found: tuple[Slice, ...] | list[Slice], place: int) -> _Groups:
    return {one.keys[place]: (one.labels[place], one.figure) for one in found}


def _nothing(
    definition: FigureDefinition, source: FigureSource, key: str, during: Period | None
) -> Figure:
    return Figure(
        name=definition.name,
        value=None,
        unit=definition.unit,
        is_additive=False,
        reason=f"no rows for {key}",
        during=during,
        as_of=source.as_of,
    )


def _split(name: str, by: str, wholes: list[Figure], sides: list[_Groups]) -> MixShift:
    keys = list(dict.fromkeys(key for side in sides for key in side))
    before, after = wholes
    reason = before.reason or after.reason or _strangeness(sides)
    # Groups go by number, for no text can stand for a key that is unknown.
    split = None if reason else rate_mix(*(_rates(side, keys) for side in sides))
    if split is None:
        return MixShift(
            name=name,
            by=by,
            before=before,
            after=after,
            difference=None,
            rate_effect=None,
            mix_effect=None,
            reason=reason or "a side has no rows",
        )
    labels = {key: label for side in reversed(sides) for key, (label, _) in side.items()}
    return MixShift(
        name=name,
        by=by,
        before=before,
        after=after,
        difference=split.difference,
        rate_effect=split.rate_effect,
        mix_effect=split.mix_effect,
        rows=_rows(split, keys, labels),
    )


def _rates(side: _Groups, keys: Sequence[str | None]) -> list[GroupRate]:
    return [
        GroupRate(group=str(number), successes=found[0], n=found[1])
        for number, key in enumerate(keys)
        if key in side and (found := _counts(side[key][1])) is not None
    ]


def _counts(one: Figure) -> tuple[Decimal, Decimal] | None:
    """Return what stands above and below the line; `None` for a group without a rate."""
    above, below = one.numerator, one.denominator
    return None if above is None or below is None else (above, below)


def _strangeness(sides: Sequence[_Groups]) -> str | None:
    """Return which group is no share of anything, as amounts below 0 make it; `None` without."""
    for side in sides:
        for label, one in side.values():
            found = _counts(one)
            if found is not None and not 0 <= found[0] <= found[1]:
                return f"in {label} the share lies outside 0 to 1"
    return None


def _rows(split: RateMix, keys: list[str | None], labels: Mapping[str | None, str]) -> list[MixRow]:
    rows = [
        MixRow(
            key=keys[int(one.group)],
            label=labels[keys[int(one.group)]],
            effect=attrs.evolve(one, group=labels[keys[int(one.group)]]),
        )
        for one in split.groups
    ]
    rows.sort(key=lambda one: (one.key is None, one.key or ""))
    rows.sort(key=lambda one: abs(one.effect.rate_effect + one.effect.mix_effect), reverse=True)
    return rows
