"""Reach: the cheapest changes of fields that give a rule a wanted value."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import chain, combinations, islice
from typing import Any

import attrs

from salescore.errors import InexactResult, InvalidValue, RuleTypeError
from salescore.plain import FieldTable, Kind
from salescore.rules._builder import Term, as_tree
from salescore.rules._evaluate import compile_expression
from salescore.rules._limits import check_size
from salescore.rules._reach_levers import (
    Lever,
    change_size,
    is_on_the_way,
    levers_of,
    named_values,
    ordered_values,
    price,
    side_of,
)
from salescore.rules._reach_masks import FALSE, TRUE, Masks
from salescore.rules._reach_ways import Change, NoWay, Reach, Way, telling
from salescore.rules._regions import CutPoints, is_condition
from salescore.rules._row_table import check_row, row_table
from salescore.rules._text import rule_text
from salescore.rules._tree import Expression, FieldValue, fields_of
from salescore.values import EXACT, exact_sum, quotient

_TRIES = 4_096
"""Most partial ways that are looked at."""

_TOGGLED = 256
"""Most sets of tags that are tried for one field, and most tests whose tags are all set at once."""

_NOTHING = Decimal(0)
_ONE = Decimal(1)


def reach(
    rule: Expression | Term,
    row: Mapping[str, FieldValue],
    table: FieldTable | None = None,
    actionable: Iterable[Lever | str] = (),
    wanted: bool = True,  # noqa: FBT001, FBT002 - the value asked for is data, as in reach(…, False)
    most: int = 5,
) -> Reach:
    """
    Return the cheapest changes of fields that would give a rule the wanted value on a row.

    Numbers, dates and instants move to a cut point of the rule, or to the next value that they
    show where the rule leaves the point out or they cannot show it; texts and truth values become
    another one; tags come and go.
    A known value never becomes unknown, and a field without a lever never changes.

    Args:
        rule: A condition that `check_types` has accepted.
        row: Values by field name.
        table: Field table that the rule was checked against; `None` takes types from the row and
            the rule, without units, choices or bounds, and checks the rule.
        actionable: Fields that can change; a name alone is a lever that costs 1.
        wanted: The value asked for; unknown is neither.
        most: Most ways to return, at least 1.

    Returns:
        The ways, cheapest first. They are exact where each test reads one lever, as a comparison
        with constants, a membership, a null test or a test of tags, also of sums, products with
        constants and rounded numbers; `is_exact` says so.

    Raises:
        UnknownName: A lever for a field that the table does not have, or a row without a field
            that the rule reads.
        InvalidValue: A lever that does not fit its field, `most` below 1, or a `wanted` that is
            neither true nor false.
        RuleTypeError: The rule yields no truth value, or is beyond the limits of `check_types`; a
            value of the row that no field holds; without a table, types that do not fit, or a
            field that may change whose type nothing tells.
        InexactResult: A sum or product of the row that cannot be held exactly.

    Examples:
        >>> from salescore.rules import EXAMPLE_ROW, EXAMPLE_TABLE, F
        >>> reach(F.orders >= 10, EXAMPLE_ROW, EXAMPLE_TABLE, ["orders"]).text()
        'orders from 3 to 10 (+7)'
    """
    if most < 1:
        raise InvalidValue("most", most, "ask for at least one way")
    if type(wanted) is not bool:
        raise InvalidValue("wanted", wanted, "a rule is made true or false, never unknown")
    levers, tree = tuple(actionable), as_tree(rule)
    schema = _schema(tree, row, table, levers)
    given = levers_of(levers, schema)
    holds = compile_expression(tree, operator.itemgetter)
    value: bool | None = holds(row)
    if value is wanted:
        return Reach(wanted, value, (Way((), _NOTHING),), is_exact=True)
    used = {name: given[name] for name in fields_of(tree) if name in given}
    if not used:
        return Reach(wanted, value, (), is_exact=True, no_way=NoWay.NO_LEVER)
    search = _Search(tree, row, schema, used, most)
    search.run(TRUE if wanted else FALSE)
    told = None if table is None else telling(tree, table)
    tried = search.ways(told)
    ways = tuple(way for way in tried if _is_reached(holds, way.applied(row), wanted=wanted))
    is_exact = search.is_exact and len(ways) == len(tried)
    no_way = None if ways else search.no_way(is_exact=is_exact)
    unnamed = search.unnamed if no_way is NoWay.UNNAMED_TEXT else None
    return Reach(wanted, value, ways, is_exact, no_way, unnamed)


def _schema(
    rule: Expression,
    row: Mapping[str, FieldValue],
    table: FieldTable | None,
    levers: Iterable[Lever | str],
) -> FieldTable:
    """Return the field table of a rule that can be reached on a row, refuse any other."""
    check_size(rule)
    check_row(rule, row)
    if table is None:
        table = row_table(rule, row, [one if isinstance(one, str) else one.field for one in levers])
    if not is_condition(rule, table):
        raise RuleTypeError(rule_text(rule), "only a condition can be reached")
    return table


def _is_reached(
    holds: Callable[[Mapping[str, FieldValue]], object],
    row: Mapping[str, FieldValue],
    *,
    wanted: bool,
) -> bool:
    try:
        return holds(row) is wanted
    except InexactResult:
        return False


@attrs.frozen(order=True)
class _Found:
    """A way that was found, in the order in which ways are returned."""

    cost: Decimal
    count: int
    distance: Decimal
    names: tuple[str, ...]
    shown: tuple[str, ...]
    choices: tuple[tuple[int, int], ...] = attrs.field(order=False)


class _Search:
    """Choices of fields, tried one after another, the present value of each first."""

    def __init__(
        self,
        rule: Expression,
        row: Mapping[str, FieldValue],
        table: FieldTable,
        levers: Mapping[str, Lever],
        most: int,
    ) -> None:
        self._row = row
        self._levers = levers
        self._most = most
        self._fields = {name: table.field(name) for name in levers}
        self._names = tuple(levers)
        named = {name: named_values(levers[name], field) for name, field in self._fields.items()}
        cuts = CutPoints(
            rule,
            row,
            table,
            {
                name: named[name] is None and not field.is_set
                for name, field in self._fields.items()
            },
        )
        self.is_exact = self._is_cut = cuts.is_exact
        self._unnamed_alone: list[tuple[Decimal, int]] = []
        self._unnamed: dict[str, str] = {}
        self._values: dict[str, list[Any]] = {
            name: [row[name], *self._tried(name, named[name], cuts)] for name in levers
        }
        masks = Masks(table, row, cuts, self._values)
        self._mask = masks.of(rule)
        for name in levers:
            if name not in masks.joint:
                masks.keep(name, self._worth_trying(name, masks.tables[name]))
        self._costs = [
            [_NOTHING, *(price(levers[name], row[name], value) for value in values[1:])]
            for name, values in self._values.items()
        ]
        self._found: list[_Found] = []
        self._cheapest_unnamed: Decimal | None = None

    def _tried(self, name: str, named: tuple[Any, ...] | None, cuts: CutPoints) -> list[Any]:
        """Return the values of a field that are worth trying, without the present one."""
        lever, field, present = self._levers[name], self._fields[name], self._row[name]
        if field.is_set:
            return self._tag_sets(lever, present, cuts.tags.get(name, []))
        if named is not None:
            return [value for value in dict.fromkeys(named) if value != present]
        points = cuts.points.get(name, {})
        if field.kind in (Kind.ID, Kind.TEXT):
            other = "\0"
            while other in points or other == present:
                other += "\0"
            # Some other text would do as well, but nobody said which.
            self._unnamed[name] = other
            return [*(text for text in points if text != present), other]
        found = ordered_values(lever, field, present, points)
        if present is None and not found:
            self.is_exact = False
        return found

    def _tag_sets(self, lever: Lever, present: Any, tests: list[tuple[str, ...]]) -> list[Any]:  # noqa: ANN401
        """Return sets of tags, those with the fewest changes first."""
        now: frozenset[str] = frozenset() if present is None else present
        tags = sorted({tag for test in tests for tag in test})
        if lever.options is not None:
            tags = sorted(set(lever.options).intersection(tags))
        found: dict[frozenset[str], None] = {}
        toggled = chain.from_iterable(combinations(tags, count) for count in range(len(tags) + 1))
        for some in islice(toggled, _TOGGLED):
            found[now.symmetric_difference(some)] = None
        if 2 ** len(tags) > _TOGGLED:
            self.is_exact = False
        for test in (tuple(tags), *islice(dict.fromkeys(tests), _TOGGLED)):
            asked = set(test).intersection(tags)
            found[now | asked] = found[now - asked] = None
        return [one for one in found if present is None or one != present]

    def _worth_trying(self, name: str, tables: list[list[int]]) -> list[int]:
        """Return the choices of a field that do something which no nearer one does."""
        values = self._values[name]
        present = values[0]
        outcomes = list(zip(*(one[: len(values)] for one in tables), strict=True))
        seen: dict[object, list[int]] = {outcomes[0]: []}
        kept = [0]
        for choice, value in enumerate(values[1:], 1):
            if outcomes[choice] == outcomes[0]:
                continue
            side = side_of(present, value)
            alike = seen.setdefault((outcomes[choice], side), [])
            limit = self._most if side == 0 else 1
            if len(alike) == limit or any(
                is_on_the_way(present, values[one], value) for one in alike
            ):
                continue
            alike.append(choice)
            kept.append(choice)
        return kept

    def run(self, wanted: int) -> None:
        """Find the cheapest ways, and settle whether the first is proven to be the cheapest."""
        self._try_all(wanted)
        unnamed = self._cheapest_unnamed
        if unnamed is not None and (not self._found or unnamed < self._found[0].cost):
            self.is_exact = False

    @property
    def unnamed(self) -> str | None:
        """Return the field, if any, of which any other text would do at the least price."""
        return self._names[min(self._unnamed_alone)[1]] if self._unnamed_alone else None

    def no_way(self, *, is_exact: bool) -> NoWay:
        """Return why there is no way, where none was found."""
        if is_exact:
            return NoWay.IMPOSSIBLE
        return NoWay.NOT_FOUND if self.unnamed is None else NoWay.UNNAMED_TEXT

    def ways(self, told: frozenset[str] | None) -> list[Way]:
        """Return the ways that were found, with the fields that tell personal data marked."""
        return [
            Way(
                tuple(
                    Change(
                        name,
                        self._row[name],
                        self._values[name][choice],
                        self._costs[place][choice],
                        None if told is None else name in told,
                    )
                    for place, choice in one.choices
                    for name in (self._names[place],)
                ),
                one.cost,
            )
            for one in self._found
        ]

    def _try_all(self, wanted: int) -> None:
        """Try the fields one after another, the present value of each first."""
        mask, costs, found = self._mask, self._costs, self._found
        last = len(costs) - 1
        state = [-1] * len(costs)
        if not mask(state) & wanted:
            return
        spent = [_NOTHING] * len(costs)
        counts = [0] * len(costs)
        place = tries = 0
        while place >= 0:
            choice = state[place] = state[place] + 1
            if choice == len(costs[place]):
                state[place] = -1
                place -= 1
                continue
            cost, count = spent[place], counts[place]
            if choice:
                cost, count = EXACT.add(cost, costs[place][choice]), count + 1
                if len(found) == self._most and (cost, count) > (found[-1].cost, found[-1].count):
                    continue
            tries += 1
            if tries > _TRIES:
                self.is_exact = False
                return
            left = mask(state)
            if left == wanted:
                self._record(cost, state)
            elif left & wanted and place < last:
                place += 1
                spent[place], counts[place] = cost, count

    def _record(self, cost: Decimal, state: list[int]) -> None:
        """Keep a way if it is among the cheapest and no part of it would do."""
        choices = tuple((place, choice) for place, choice in enumerate(state) if choice > 0)
        if any(self._is_part(one.choices, choices) for one in self._found):
            return
        moves: list[tuple[str, Any, Any]] = []
        for place, choice in choices:
            name = self._names[place]
            value = self._values[name][choice]
            if value is self._unnamed.get(name):
                if self._cheapest_unnamed is None or cost < self._cheapest_unnamed:
                    self._cheapest_unnamed = cost
                # Tests of letters may tell such texts apart, and those beside other changes
                # would not do alone.
                if self._is_cut and len(choices) == 1:
                    self._unnamed_alone.append((cost, place))
                return
            moves.append((name, self._row[name], value))
        self._found.append(
            _Found(
                cost,
                len(choices),
                exact_sum([_distance(before, after) for _, before, after in moves]),
                tuple(name for name, _, _ in moves),
                tuple(map(_spelled, moves)),
                choices,
            )
        )
        self._found.sort()
        del self._found[self._most :]

    def _is_part(
        self, part: tuple[tuple[int, int], ...], whole: tuple[tuple[int, int], ...]
    ) -> bool:
        """Return whether a way does no more than another in every field that it changes."""
        chosen = dict(whole)
        for place, choice in part:
            other = chosen.get(place)
            if other is None:
                return False
            name = self._names[place]
            values = self._values[name]
            if not is_on_the_way(values[0], values[choice], values[other]):
                return False
        return True


def _distance(before: FieldValue, after: FieldValue) -> Decimal:
    """Return the size of a change over the size of the value, to order ways of one price."""
    size = change_size(before, after)
    if not isinstance(before, Decimal):
        return size
    return quotient(size, max(_ONE, abs(before))) or _NOTHING


def _spelled(move: tuple[str, FieldValue, FieldValue]) -> str:
    after = move[2]
    return ",".join(sorted(after)) if isinstance(after, frozenset) else str(after)
