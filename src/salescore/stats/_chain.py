"""Where a walk from state to state ends, and how long it takes: the absorbing Markov chain."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import cast

import attrs

from salescore.errors import InvalidValue, UnknownName
from salescore.stats._digits import exact_fraction

Number = int | Decimal | Fraction

MOST_STEPS = 1000
"""Most steps that are followed one by one; beyond, the exact fractions grow without end."""


@attrs.frozen(kw_only=True)
class AbsorbingChain:
    """
    A walk that goes on from each state with fixed chances until it ends.

    All figures are exact fractions.

    Attributes:
        states: The states in which it goes on.
        absorbing: The states in which it ends.
        rows: For each state the chances of the next step: into each state, then into each end.
        visits: For each state, how often a walk from there is in each state on average, its
            beginning included: the fundamental matrix.
    """

    states: tuple[str, ...]
    absorbing: tuple[str, ...]
    rows: tuple[tuple[Fraction, ...], ...]
    visits: tuple[tuple[Fraction, ...], ...]

    def expected_visits(self, state: str, of: str) -> Fraction:
        """
        Return how often a walk from a state is in a state on average.

        Args:
            state: Where it begins, which counts as a visit.
            of: The state whose visits count.

        Returns:
            Visits, which last one step each, at or above 0.

        Raises:
            UnknownName: The chain goes on in no state of this name.
        """
        return self.visits[self._place(state)][self._place(of)]

    def expected_steps(self, state: str) -> Fraction:
        """
        Return how many steps a walk from a state takes on average until it ends.

        Args:
            state: Where it begins.

        Returns:
            Steps, at or above 1.

        Raises:
            UnknownName: The chain goes on in no state of this name.
        """
        return sum(self.visits[self._place(state)], Fraction(0))

    def absorption(self, state: str, into: str) -> Fraction:
        """
        Return the chance that a walk from a state ends in a certain end.

        Args:
            state: Where it begins.
            into: The end.

        Returns:
            From 0 to 1; over all ends it adds up to 1.

        Raises:
            UnknownName: There is no such state or end.
        """
        end = len(self.states) + self._end(into)
        visits = self.visits[self._place(state)]
        return sum(
            (often * row[end] for often, row in zip(visits, self.rows, strict=True)), Fraction(0)
        )

    def absorbed_by(self, steps: int, state: str, into: str) -> Fraction:
        """
        Return the chance that a walk from a state has ended in a certain end after some steps.

        Args:
            steps: The steps, from 0 to 1,000.
            state: Where it begins.
            into: The end.

        Returns:
            From 0 to 1, never falling with the steps.

        Raises:
            InvalidValue: The steps are negative, too many or no int.
            UnknownName: There is no such state or end.
        """
        place, end = self._place(state), len(self.states) + self._end(into)
        if type(cast("object", steps)) is not int or not 0 <= steps <= MOST_STEPS:
            raise InvalidValue("steps", steps, f"a walk is followed for 0 to {MOST_STEPS} steps")
        # Whole numbers over one denominator: fractions would be reduced at every step.
        whole = lcm(*(chance.denominator for row in self.rows for chance in row))
        rows = [[int(chance * whole) for chance in row] for row in self.rows]
        inside, ended, scale = [0] * len(rows), 0, 1
        inside[place] = 1
        for _ in range(steps):
            scale *= whole
            ended = ended * whole + _step(inside, rows, end)
            inside = [_step(inside, rows, to) for to in range(len(rows))]
        return Fraction(ended, scale)

    def _place(self, state: str) -> int:
        if state not in self.states:
            raise UnknownName("state", state, self.states)
        return self.states.index(state)

    def _end(self, into: str) -> int:
        if into not in self.absorbing:
            raise UnknownName("end", into, self.absorbing)
        return self.absorbing.index(into)


def absorbing_chain(
    states: Sequence[str], absorbing: Sequence[str], rows: Sequence[Sequence[Number]]
) -> AbsorbingChain:
    """
    Return the chain with certain chances of each step, with its fundamental matrix (I - Q)⁻¹.

    Q are the chances to go from one state to another without ending.
    The next step depends on the state alone, not on how long it has lasted or what was before.

    Args:
        states: The states in which a walk goes on.
        absorbing: The states in which it ends.
        rows: For each state, in order, the chances of the next step: into each state, then into
            each end. They add up to exactly 1; a number of moves over their sum is a `Fraction`.

    Raises:
        InvalidValue: A name stands twice or there is none, a row has another length, a chance is
            negative or no exact number, a row does not add up to 1, or from some states a walk
            never ends.

    Examples:
        >>> half = Fraction(1, 2)
        >>> chain = absorbing_chain(["open"], ["won", "lost"], [(half, half, 0)])
        >>> chain.expected_steps("open"), chain.absorption("open", "won")
        (Fraction(2, 1), Fraction(1, 1))

    Source:
        Kemeny and Snell, Finite Markov Chains (1960), theorems 3.2.1, 3.3.5 and 3.3.7.
    """
    names = (*states, *absorbing)
    if not states or not absorbing or len(set(names)) < len(names):
        fault = "at least one goes on and one ends, and no name stands twice"
        raise InvalidValue("states", names, fault)
    if len(rows) != len(states):
        raise InvalidValue("number of rows", len(rows), f"one per state, {len(states)}")
    exact = tuple(_row(state, row, names) for state, row in zip(states, rows, strict=True))
    trapped = _trapped(exact)
    if trapped:
        fault = f"no way leads from there to an end, such as {absorbing[0]!r}"
        raise InvalidValue("states", tuple(states[place] for place in trapped), fault)
    return AbsorbingChain(
        states=tuple(states), absorbing=tuple(absorbing), rows=exact, visits=_visits(exact)
    )


def _row(state: str, row: Sequence[Number], names: tuple[str, ...]) -> tuple[Fraction, ...]:
    if len(row) != len(names):
        raise InvalidValue(f"row of {state!r}", tuple(row), f"{len(names)} chances are needed")
    exact: list[Fraction] = []
    for name, given in zip(names, row, strict=True):
        chance = exact_fraction(given)
        if chance is None or not 0 <= chance <= 1:
            fault = "it must be an int, a Decimal or a Fraction from 0 to 1"
            raise InvalidValue(f"chance from {state!r} to {name!r}", given, fault)
        exact.append(chance)
    if sum(exact) != 1:
        raise InvalidValue(f"sum of the row of {state!r}", sum(exact), "it must be exactly 1")
    return tuple(exact)


def _trapped(rows: tuple[tuple[Fraction, ...], ...]) -> list[int]:
    """Return the places of the states from which no end can be reached."""
    size = len(rows)
    ending = {place for place, row in enumerate(rows) if any(row[size:])}
    while True:
        before = {
            place
            for place, row in enumerate(rows)
            if place not in ending and any(row[to] for to in ending)
        }
        if not before:
            return sorted(set(range(size)) - ending)
        ending |= before


def _visits(rows: tuple[tuple[Fraction, ...], ...]) -> tuple[tuple[Fraction, ...], ...]:
    """Return the inverse of I - Q, by elimination; every end being reachable, it exists."""
    size = len(rows)
    work = [
        [Fraction(place == to) - row[to] for to in range(size)]
        + [Fraction(place == to) for to in range(size)]
        for place, row in enumerate(rows)
    ]
    for column, pivot in enumerate(work):
        # What is left of 1 less the chance to come back is above 0: no rows need to be swapped.
        pivot[:] = [value / pivot[column] for value in pivot]
        for other in work:
            if other is not pivot and other[column]:
                factor = other[column]
                other[:] = [a - factor * b for a, b in zip(other, pivot, strict=True)]
    return tuple(tuple(row[size:]) for row in work)


def _step(inside: list[int], rows: list[list[int]], to: int) -> int:
    return sum(share * row[to] for share, row in zip(inside, rows, strict=True))
