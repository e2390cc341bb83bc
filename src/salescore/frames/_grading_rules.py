"""Grading as expressions: a policy's rules and what tempers moves, for all customers at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import attrs

from salescore.frames._engines import narwhals
from salescore.frames._grading_history import (
    ANCHOR,
    ENDS,
    EXPIRES,
    GIVEN,
    GRADE,
    IS_OVERRIDE,
    RANK,
    SINCE,
    WARNED,
)
from salescore.frames._grading_reasons import (
    Expr,
    Further,
    any_of,
    chosen,
    text_of,
    whole,
    with_reasons,
)
from salescore.frames._grading_tables import Table
from salescore.grading import GradingPolicy, Move, ReasonCode

BEST, HELD, AFTER = "best rank", "held rank", "after rank"
_LOW, _HIGH, _DUE, _LEAVES, _CASE = "lowest rank", "highest rank", "due since", "leaves", "case"
_BLOCKED = "blocked"

_OVERRIDDEN, _ENTERS, _RISES, _UNKNOWN, _INSIDE, _BLOCKS, _MOVES, _FALLS = range(8)


def entry_of(rank: int) -> str:
    """Return the column that says whether the rule of entry of a rank holds."""
    return f"entry {rank}"


def exit_of(rank: int) -> str:
    """Return the column that says whether the rule of exit of a rank holds."""
    return f"exit {rank}"


def _yes(column: str) -> Expr:
    """Return whether a condition holds, where unknown is no."""
    return narwhals().col(column).fill_null(False)


@attrs.frozen(kw_only=True)
class Decider:
    """
    A policy on one day, for any number of customers.

    Attributes:
        policy: The policy.
        on: The day.
        is_review: Whether customers may fall.
        has_history: Whether grades are on record.
        has_entry: Ranks that have a rule of entry.
        has_exit: Ranks that have a rule of exit.
    """

    policy: GradingPolicy
    on: date
    is_review: bool
    has_history: bool
    has_entry: frozenset[int]
    has_exit: frozenset[int]

    def decided(self, table: Table) -> Table:
        """Return customers with their grade, where it was and why, as columns of few names."""
        nw = narwhals()
        table = table.with_columns(self._best().alias(BEST))
        if not self.has_history:
            table = table.with_columns(
                nw.lit(None, dtype=nw.String).alias(GRADE),
                nw.col(BEST).alias(AFTER),
                nw.lit(None, dtype=nw.Date).alias("warned_on"),
                nw.lit(Move.ENTERED.value).alias("move"),
                chosen([(nw.col(BEST) > 0, nw.lit("entry_holds"))], nw.lit("lowest")).alias("main"),
                nw.lit(True).alias("is_new"),
                nw.lit(False).alias("is_kept_otherwise"),
            )
            return self._named(with_reasons(table, "main", [self._doubts(whole(0))]))
        table = self._framed(table)
        table = self._fallen(table)
        return self._told(table)

    # ── Which grade ──────────────────────────────────────────────────────────────────────────

    def _best(self) -> Expr:
        """Return the highest rank whose rule of entry holds, else the lowest."""
        ranks = sorted(self.has_entry, reverse=True)
        return chosen([(_yes(entry_of(rank)), whole(rank)) for rank in ranks], whole(0))

    def _framed(self, table: Table) -> Table:
        """Return customers with the grade that they go on from, and which case they are."""
        nw = narwhals()
        today = nw.lit(self.on)
        has = ~nw.col(GRADE).is_null()
        is_current = has & (nw.col(ENDS).is_null() | (nw.col(ENDS) >= today)).fill_null(False)
        table = table.with_columns(
            is_current.alias("is current"), _yes(IS_OVERRIDE).alias(IS_OVERRIDE)
        )
        is_current, is_word = nw.col("is current"), nw.col(IS_OVERRIDE)
        lasts = (nw.col(EXPIRES).is_null() | (nw.col(EXPIRES) >= today)).fill_null(False)
        held = chosen(
            [(is_current & ~is_word, nw.col(RANK)), (is_word, nw.col(GIVEN))],
            nw.lit(None, dtype=nw.Int64),
        )
        warned = is_current & ~is_word & (nw.col(WARNED) <= today).fill_null(False)
        table = table.with_columns(
            (is_current & is_word & lasts & ~nw.col(RANK).is_null()).alias("is word"),
            held.alias(HELD),
            nw.when(warned).then(nw.col(WARNED)).alias(WARNED),
            *self._reach(),
        )
        table = table.with_columns(
            self._leaves().alias(_LEAVES),
            nw.coalesce(nw.col(WARNED), nw.lit(self.on)).alias(_DUE),
        )
        blocks = self._blocks()
        table = table.with_columns(
            *(one.alias(f"block {code.value}") for code, one in blocks),
            (any_of(one for _, one in blocks) if blocks else nw.lit(False)).alias(_BLOCKED),
        )
        held, best, leaves = nw.col(HELD), nw.col(BEST), nw.col(_LEAVES)
        case = chosen(
            [
                (nw.col("is word"), whole(_OVERRIDDEN)),
                ((held.is_null() | (best == held)).fill_null(True), whole(_ENTERS)),
                (best > held, whole(_RISES)),
                (leaves.is_null(), whole(_UNKNOWN)),
                (~leaves, whole(_INSIDE)),
                (nw.col(_BLOCKED), whole(_BLOCKS)),
            ],
            whole(_FALLS if self.policy.is_ladder else _MOVES),
        )
        return table.with_columns(case.alias(_CASE))

    def _reach(self) -> list[Expr]:
        """Return the lowest and the highest rank that the limit of steps allows."""
        nw = narwhals()
        top, most = len(self.policy.grades) - 1, self.policy.step_limit
        if most is None:
            return [whole(0).alias(_LOW), whole(top).alias(_HIGH)]
        anchor = nw.col(ANCHOR)
        return [
            chosen([(anchor > most, anchor - most)], whole(0)).alias(_LOW),
            chosen([(anchor < top - most, anchor + most)], whole(top)).alias(_HIGH),
        ]

    def _leaves(self) -> Expr:
        """Return whether the rule of exit of the grade holds; nobody leaves the lowest."""
        nw = narwhals()
        return chosen(
            [(nw.col(HELD) == rank, nw.col(exit_of(rank))) for rank in sorted(self.has_exit)],
            nw.lit(False),
        )

    def _blocks(self) -> list[tuple[ReasonCode, Expr]]:
        """Return what can keep a customer from falling that is due to."""
        nw = narwhals()
        found: list[tuple[ReasonCode, Expr]] = []
        stay, grace = self.policy.minimum_stay_days, self.policy.grace_days
        if stay:
            since = nw.coalesce(nw.col(SINCE), nw.lit(self.on))
            found.append((ReasonCode.MINIMUM_STAY, self._is_within(since, stay)))
        if grace:
            found.append((ReasonCode.GRACE, self._is_within(nw.col(_DUE), grace)))
        if not self.is_review:
            found.append((ReasonCode.NO_REVIEW, nw.lit(True)))
        if self.policy.step_limit is not None:
            is_limited = (nw.col(_LOW) >= nw.col(HELD)).fill_null(False)
            found.append((ReasonCode.STEP_LIMIT, is_limited))
        return found

    def _is_within(self, since: Expr, days: int) -> Expr:
        """Return whether fewer days than some have gone by since a day."""
        nw = narwhals()
        if days > (self.on - date.min).days:
            return ~since.is_null()
        return since > nw.lit(self.on - timedelta(days=days))

    def _fallen(self, table: Table) -> Table:
        """Return customers with the rank where they stop, and since when they are due to go on."""
        nw = narwhals()
        held, best, case = nw.col(HELD), nw.col(BEST), nw.col(_CASE)
        self_falls = case == _FALLS
        stops: list[tuple[Expr, Expr]] = []
        limited: list[Expr] = []
        for rank in self._passed():
            above = (held == rank + 1).fill_null(False)
            if rank < len(self.policy.grades) - 2:
                goes_on = nw.col(f"at {rank + 1}") & _yes(exit_of(rank + 1))
                above = above | (goes_on & (nw.col(_LOW) < rank + 1))
            table = table.with_columns((self_falls & above & (best < rank)).alias(f"at {rank}"))
            leaves = _yes(exit_of(rank))
            is_limited = nw.col(f"at {rank}") & leaves & (nw.col(_LOW) >= rank)
            limited.append(is_limited)
            stops.append((is_limited | (nw.col(f"at {rank}") & ~leaves), whole(rank)))
        raised = chosen([(best > nw.col(_HIGH), nw.col(_HIGH))], best)
        raised = chosen([(raised < held, held)], raised)
        after = chosen(
            [
                (case == _OVERRIDDEN, nw.col(RANK)),
                (case == _ENTERS, best),
                (case == _RISES, raised),
                (any_of(case == one for one in (_UNKNOWN, _INSIDE, _BLOCKS)), held),
                *stops,
            ],
            best,
        )
        is_limited = any_of(limited) if limited else nw.lit(False)
        warned = chosen(
            [
                (case == _UNKNOWN, nw.col(WARNED)),
                (case == _BLOCKS, nw.col(_DUE)),
                (is_limited, nw.lit(self.on)),
            ],
            nw.lit(None, dtype=nw.Date),
        )
        return table.with_columns(
            after.alias(AFTER), warned.alias("warned_on"), is_limited.alias("is limited")
        )

    def _passed(self) -> range:
        """Return the ranks at which who falls may stop short of the best, from above."""
        return range(len(self.policy.grades) - 2, 0, -1) if self.policy.is_ladder else range(0)

    # ── Why ──────────────────────────────────────────────────────────────────────────────────

    def _told(self, table: Table) -> Table:
        nw = narwhals()
        before = nw.when(nw.col("is current")).then(nw.col(RANK))
        after, case = nw.col(AFTER), nw.col(_CASE)
        is_warned = ~nw.col("warned_on").is_null()
        rises = Move.PROMOTED if self.policy.is_ladder else Move.MOVED
        falls = Move.DEMOTED if self.policy.is_ladder else Move.MOVED
        move = chosen(
            [
                (case == _OVERRIDDEN, nw.lit(Move.OVERRIDDEN.value)),
                (nw.col(HELD).is_null() | before.is_null(), nw.lit(Move.ENTERED.value)),
                ((before == after) & is_warned, nw.lit(Move.WARNED.value)),
                (before == after, nw.lit(Move.KEPT.value)),
                (after > before, nw.lit(rises.value)),
            ],
            nw.lit(falls.value),
        )
        entering = chosen([(nw.col(BEST) > 0, nw.lit("entry_holds"))], nw.lit("lowest"))
        main = chosen(
            [
                (case == _OVERRIDDEN, nw.lit(ReasonCode.OVERRIDE.value)),
                ((case == _ENTERS) | (case == _RISES), entering),
                (case == _UNKNOWN, nw.lit(ReasonCode.EXIT_UNKNOWN.value)),
                (case == _INSIDE, nw.lit(ReasonCode.INSIDE.value)),
            ],
            nw.lit(ReasonCode.EXIT_HOLDS.value),
        )
        is_current = nw.col("is current")
        is_word = nw.col(IS_OVERRIDE) & is_current
        other_grade = (before != after).fill_null(True)
        is_asked = case != _OVERRIDDEN
        is_new = is_asked & (~is_current | is_word | other_grade)
        old = nw.col("record warned")
        new = nw.col("warned_on")
        same = ((old == new) | (old.is_null() & new.is_null())).fill_null(False)
        table = table.with_columns(
            move.alias("move"),
            main.alias("main"),
            is_new.alias("is_new"),
            (is_asked & ~is_new & ~same).alias("is_kept_otherwise"),
        )
        return self._named(with_reasons(table, "main", self._further()))

    def _further(self) -> list[Further]:
        """Return the reasons that may stand behind the first, in order."""
        nw = narwhals()
        case, best = nw.col(_CASE), nw.col(BEST)
        falls = [(nw.col(f"at {rank}"), nw.col(exit_of(rank))) for rank in self._passed()]
        moves = case == _MOVES
        has = ~nw.col(GRADE).is_null() & (case != _OVERRIDDEN)
        is_told = has & (~nw.col("is current") | nw.col(HELD).is_null() | nw.col(IS_OVERRIDE))
        is_known = ~nw.col(RANK).is_null()
        is_word = nw.col(IS_OVERRIDE)
        is_short = (case == _RISES) & (nw.col(AFTER) < best)
        found = [
            Further(ReasonCode.STEP_LIMIT, [is_short]),
            *(
                Further(code, [(case == _BLOCKS) & nw.col(f"block {code.value}")])
                for code, _ in self._blocks()
            ),
            Further(ReasonCode.ENTRY_HOLDS, [moves & (best > 0)]),
            Further(ReasonCode.LOWEST, [moves & (best == 0)]),
            Further(ReasonCode.EXIT_HOLDS, [at & leaves for at, leaves in falls]),
            Further(ReasonCode.EXIT_UNKNOWN, [at & leaves.is_null() for at, leaves in falls]),
            Further(ReasonCode.STEP_LIMIT, [nw.col("is limited")]),
            self._doubts(nw.coalesce(nw.col(HELD), whole(0))),
            Further(ReasonCode.UNKNOWN_GRADE, [is_told & ~is_known]),
            Further(ReasonCode.OVERRIDE_EXPIRED, [is_told & is_known & is_word]),
            Further(ReasonCode.ENDED, [is_told & is_known & ~is_word & ~nw.col("is current")]),
        ]
        return [one for one in found if one.conditions]

    def _doubts(self, least: Expr) -> Further:
        """Return the reason for each higher rank of which nobody knows if it may be entered."""
        nw = narwhals()
        is_asked = nw.lit(True) if not self.has_history else nw.col(_CASE) != _OVERRIDDEN
        return Further(
            ReasonCode.ENTRY_UNKNOWN,
            [
                is_asked & nw.col(entry_of(rank)).is_null() & (nw.col(BEST) < rank) & (least < rank)
                for rank in sorted(self.has_entry)
            ],
        )

    def _named(self, table: Table) -> Table:
        """Return customers with the keys of grades for ranks."""
        nw = narwhals()
        keys = [one.key for one in self.policy.grades]
        after = text_of(table, nw.col(AFTER), dict(enumerate(keys)))
        before = nw.col(GRADE)
        if self.has_history:
            before = nw.when(nw.col("is current")).then(before)
        return table.with_columns(before.alias("before"), after.alias("after"))


def columns_of(policy: GradingPolicy) -> Mapping[str, Any]:
    """Return the rules of a policy above the lowest grade, by the column that answers them."""
    found: dict[str, Any] = {}
    for rank, one in enumerate(policy.grades):
        if rank and one.entry is not None:
            found[entry_of(rank)] = one.entry
        if rank and one.exit is not None:
            found[exit_of(rank)] = one.exit
    return found
