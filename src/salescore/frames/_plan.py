"""The plan of several reductions: which share a scan, what is rolled up and what is recomputed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from math import prod

import attrs

from salescore.frames._reduce_atoms import Atom, How, Parts
from salescore.rules import FieldRef, rule_text

Keys = tuple[str, ...]

_LEAST_GROUPS = 20_000
_MOST_GROUPS = 1_000_000
_SHARE = 8


@attrs.frozen(kw_only=True)
class Scan:
    """
    One pass over the rows of a fact table.

    Attributes:
        table: Fact table.
        date: Column that places its rows in a period; `None` where they are taken as they stand.
        keys: Keys of the aggregate.
        groups: How many groups it has at most, as far as measured; `None` where nothing had to be.
        value: What is grouped by beside the keys, so that different values can be counted by fewer
            keys too; `None` for an aggregate.
        measures: Names of the measures that it yields.
        rolled_up_to: Keys that its groups are brought together to, without another pass.
        is_recomputed: Whether it counts anew what no finer aggregate could yield, such as
            different customers.
        is_kept: Whether it reads the rows once, without an aggregate, and keeps them for the passes
            behind it, which read no more of the table.
    """

    table: str
    date: str | None
    keys: Keys
    groups: int | None
    value: str | None
    measures: tuple[str, ...]
    rolled_up_to: tuple[Keys, ...] = ()
    is_recomputed: bool = False
    is_kept: bool = False

    def __str__(self) -> str:
        """Return it as one line."""
        if self.is_kept:
            date = "" if self.date is None else f" by {self.date}"
            return f"read {self.table}{date} once, and keep what {', '.join(self.measures)} need"
        by = _words(self.keys) + ("" if self.value is None else f" and the values of {self.value}")
        text = f"group {self.table}{'' if self.date is None else f' by {self.date}'}, {by}"
        if self.groups is not None:
            text += f" (at most {self.groups:,} groups)"
        text += f": {', '.join(self.measures)}"
        if self.rolled_up_to:
            text += f"; rolled up to {', '.join(map(_words, self.rolled_up_to))}"
        return f"{text}; recomputed for these keys alone" if self.is_recomputed else text


@attrs.frozen(kw_only=True)
class Plan:
    """
    How several reductions are answered.

    Attributes:
        scans: The passes over rows, in order.
    """

    scans: tuple[Scan, ...]

    def __str__(self) -> str:
        """Return one line for each scan."""
        return "\n".join(map(str, self.scans))


@attrs.frozen(kw_only=True)
class Progress:
    """
    How far a question is: one more scan is done.

    Attributes:
        scan: What was scanned, and what for.
        done: How many of its scans are done, this one among them.
        planned: How many it takes; they need not take equally long.
    """

    scan: Scan
    done: int
    planned: int

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.done} of {self.planned}: {self.scan}"


def _words(keys: Keys) -> str:
    return f"by {' and '.join(keys)}" if keys else "as one"


class By(Enum):
    """What a pass groups by."""

    KEYS = "keys"
    DIFFERENT = "different"
    PAIRS = "pairs"


@attrs.frozen(kw_only=True)
class Pass:
    """
    One pass, with what it reads and whom it serves.

    Attributes:
        keys: Keys of the aggregate.
        atoms: Its columns; where it groups by values, all of one expression.
        by: Whether it groups by keys, or by keys and values, to count or to keep these.
        serves: Asked keys with the atoms that each takes from it.
        groups: How many groups it has at most; `None` where that was not asked.
        is_recomputed: Whether it counts anew what could not be rolled up.
    """

    keys: Keys
    atoms: tuple[Atom, ...]
    by: By
    serves: Mapping[Keys, tuple[Atom, ...]]
    groups: int | None = None
    is_recomputed: bool = False


class Sizes:
    """How many groups keys make at most, measured by key."""

    def __init__(self, by_key: Mapping[str, int], rows: int, by_value: Mapping[str, int]) -> None:
        """Keep the sizes of the keys, of the values, and the number of rows."""
        self._by_key, self._rows, self._by_value = by_key, rows, by_value
        self.budget = min(max(rows // _SHARE, _LEAST_GROUPS), _MOST_GROUPS)

    def groups(self, keys: Iterable[str]) -> int:
        """Return how many groups some keys make at most."""
        return min(prod(self._by_key[key] for key in keys), self._rows)

    def pairs(self, keys: Iterable[str], atom: Atom) -> int:
        """Return how many pairs of groups and values there are at most."""
        values = self._rows
        if isinstance(atom.of, FieldRef):
            values = self._by_value.get(atom.of.name, self._rows)
        return min(prod(self._by_key[key] for key in keys) * values, self._rows)


def passes(asked: Mapping[Keys, Sequence[Parts]], sizes: Sizes | None) -> list[Pass]:
    """
    Return the passes that answer what is asked.

    Keys share an aggregate while their groups stay few, by their measured sizes. Sums, counts,
    least and greatest values are rolled up from it. Different values are rolled up from groups with
    values where these are few, else counted anew for each of the keys.

    Args:
        asked: The parts of the measures wanted, by keys.
        sizes: Sizes of the keys; `None` where there is one set of keys only.
    """
    found: list[Pass] = []
    for keys, members in _bins(list(asked), sizes):
        groups = None if sizes is None else sizes.groups(keys)
        if len(members) == 1:
            found += _alone(members[0], asked[members[0]], groups)
            continue
        assert sizes is not None  # noqa: S101 - only sizes bring keys together
        found += _together(keys, {one: asked[one] for one in members}, sizes)
    return found


def _bins(asked: Sequence[Keys], sizes: Sizes | None) -> list[tuple[Keys, list[Keys]]]:
    """Bring keys together, the largest first, while their groups stay few."""
    if sizes is None:
        return [(keys, [keys]) for keys in asked]
    bins: list[tuple[Keys, list[Keys]]] = []
    for keys in sorted(asked, key=lambda one: (-sizes.groups(one), one)):
        for place, (joint, members) in enumerate(bins):
            wider = tuple(dict.fromkeys((*joint, *keys)))
            if wider == joint or sizes.groups(wider) <= sizes.budget:
                bins[place] = (wider, [*members, keys])
                break
        else:
            bins.append((keys, [keys]))
    return bins


def _alone(keys: Keys, parts: Sequence[Parts], groups: int | None) -> list[Pass]:
    """Return the passes of one set of keys: an aggregate, and one for each kind of values."""
    atoms = dict.fromkeys(atom for one in parts for atom in one.all)
    plain = tuple(atom for atom in atoms if atom.how.is_additive)
    found = [Pass(keys=keys, atoms=plain, by=By.KEYS, serves={keys: plain}, groups=groups)]
    return found + [_apart(keys, those) for those in _by_value(atoms)]


def _by_value(atoms: Iterable[Atom]) -> list[tuple[Atom, ...]]:
    """Return the atoms that are no sums, those of one expression and kind together."""
    found: dict[tuple[How, object], list[Atom]] = {}
    for atom in atoms:
        if not atom.how.is_additive:
            found.setdefault((atom.how, atom.of), []).append(atom)
    return list(map(tuple, found.values()))


def _apart(keys: Keys, atoms: tuple[Atom, ...], *, is_recomputed: bool = False) -> Pass:
    return Pass(
        keys=keys,
        atoms=atoms,
        by=By.DIFFERENT if atoms[0].how is How.DISTINCT else By.PAIRS,
        serves={keys: atoms},
        is_recomputed=is_recomputed,
    )


def _together(keys: Keys, asked: Mapping[Keys, Sequence[Parts]], sizes: Sizes) -> list[Pass]:
    """Return the passes of several sets of keys that share an aggregate."""
    serves = {
        one: tuple(dict.fromkeys(atom for part in parts for atom in part.additive))
        for one, parts in asked.items()
    }
    every = tuple(dict.fromkeys(atom for atoms in serves.values() for atom in atoms))
    groups = sizes.groups(keys)
    found = [Pass(keys=keys, atoms=every, by=By.KEYS, serves=serves, groups=groups)]
    mains = {one: dict.fromkeys(part.main for part in parts) for one, parts in asked.items()}
    for atoms in _by_value(dict.fromkeys(atom for those in mains.values() for atom in those)):
        wanted = {
            one: tuple(atom for atom in atoms if atom in those) for one, those in mains.items()
        }
        wanted = {one: those for one, those in wanted.items() if those}
        joint = tuple(key for key in keys if any(key in one for one in wanted))
        pairs = sizes.pairs(joint, atoms[0])
        if len(wanted) > 1 and pairs <= sizes.budget:
            found.append(Pass(keys=joint, atoms=atoms, by=By.PAIRS, serves=wanted, groups=pairs))
        else:
            found += [_apart(one, those, is_recomputed=True) for one, those in wanted.items()]
    return found


def described(
    table: str,
    date: str | None,
    passes: Sequence[Pass],
    names: Mapping[Atom, Sequence[str]],
    *,
    kept: Keys | None,
) -> tuple[Scan, ...]:
    """
    Return passes in words.

    Args:
        table: Fact table.
        date: Column that places its rows in a period.
        passes: The passes.
        names: Measures by atom.
        kept: Keys of the rows that are kept for all passes; `None` where each reads the table.
    """
    found: list[Scan] = []
    if kept is not None:
        every = [atom for one in passes for atom in one.atoms if atom in names]
        found.append(
            Scan(
                table=table,
                date=date,
                keys=kept,
                groups=None,
                value=None,
                measures=_named(every, names),
                is_kept=True,
            )
        )
    for one in passes:
        mains = [atom for atom in one.atoms if atom in names]
        rolled = tuple(keys for keys in one.serves if keys != one.keys)
        of = None if one.by is By.KEYS else one.atoms[0].of
        found.append(
            Scan(
                table=table,
                date=date,
                keys=one.keys,
                groups=one.groups,
                value=None if of is None else rule_text(of),
                measures=_named(mains, names),
                rolled_up_to=rolled,
                is_recomputed=one.is_recomputed,
            )
        )
    return tuple(found)


def _named(atoms: Iterable[Atom], names: Mapping[Atom, Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for atom in atoms for name in names[atom]))
