"""What grading goes on from: the grades on record, brought down to one row for each customer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs

from salescore.entities import record_table
from salescore.errors import InvalidFrame
from salescore.frames._compile import frame_expression
from salescore.frames._engines import narwhals
from salescore.frames._frame import Frame, open_frame
from salescore.frames._grading_tables import Table, deferred, row_of, rows_of, settled
from salescore.grading import GradingPolicy
from salescore.rules import F

KEY = "customer_id"
_DAY = timedelta(days=1)
_READ = (
    KEY,
    "grade",
    "starts_on",
    "ends_on",
    "policy",
    "is_override",
    "expires_on",
    "warned_on",
)

GRADE, RANK, IS_OVERRIDE = "last grade", "last rank", "last override"
ENDS, EXPIRES, WARNED = "last ends", "last expires", "last warned"
GIVEN, SINCE, ANCHOR = "given rank", "given since", "anchor rank"
"""Columns that are joined to customers; all null for whom nothing is on record by the day."""


def open_history(previous: Any) -> Frame:  # noqa: ANN401 - any dataframe
    """
    Return a frame of grades on record.

    Raises:
        InvalidFrame: Its columns are not those of `grade_intervals`.
    """
    return open_frame(previous, record_table("grade_intervals"), columns=_READ, absent_as_null=True)


def rank_of(policy: GradingPolicy, column: str) -> Any:  # noqa: ANN401 - an expression of Narwhals
    """Return the place of a grade by its key; null for one that the policy does not have."""
    nw = narwhals()
    found = nw.lit(None, dtype=nw.Int64)
    for key, rank in policy.ranks.items():
        is_it = nw.col(column) == key
        found = nw.when(is_it).then(nw.lit(rank, dtype=nw.Int64)).otherwise(found)
    return found


@attrs.frozen(kw_only=True)
class History:
    """
    Grades on record by a day, as queries.

    Attributes:
        policy: The policy.
        on: The day.
        anchor: Day whose grades steps are counted from.
        intervals: Grades that held, without gap or overlap.
        decided: Grades that the policy gave, also those that a person overruled the same day.
        is_overridden: Whether a person's word is among them at all.
    """

    policy: GradingPolicy
    on: date
    anchor: date
    intervals: Table
    decided: Table
    is_overridden: bool

    @classmethod
    def of(cls, previous: Frame, policy: GradingPolicy, on: date, anchor: date) -> History:
        """
        Return what is on record in a frame by a day.

        Raises:
            InvalidFrame: The grades of a customer have a gap, or overlap.
        """
        nw = narwhals()
        rows = settled(_meant(previous, policy, on))
        words = rows.filter(nw.col("is_override"))
        is_overridden = bool(rows_of(words.select(KEY).head(1)))
        intervals = decided = rows
        if is_overridden:
            marks = words.select(KEY, "starts_on", nw.lit(True).alias("overruled")).unique()
            marked = rows.join(marks, on=[KEY, "starts_on"], how="left")
            intervals = marked.filter(nw.col("is_override") | nw.col("overruled").is_null())
            decided = rows.filter(~nw.col("is_override"))
            _check_sound(intervals.drop("overruled"))
            _check_once(decided)
        else:
            _check_sound(intervals)
        return cls(
            policy=policy,
            on=on,
            anchor=anchor,
            intervals=intervals,
            decided=decided,
            is_overridden=is_overridden,
        )

    def by_customer(self) -> Table:
        """Return one row for each customer with all that a decision asks of its history."""
        nw = narwhals()
        found = _last(self.intervals).select(
            KEY,
            nw.col("grade").alias(GRADE),
            nw.col("rank").alias(RANK),
            nw.col("is_override").alias(IS_OVERRIDE),
            nw.col("ends_on").alias(ENDS),
            nw.col("expires_on").alias(EXPIRES),
            nw.col("warned_on").alias(WARNED),
        )
        if self.is_overridden:
            given = _last(self.decided).select(KEY, nw.col("rank").alias(GIVEN))
            found = found.join(given, on=KEY, how="left")
        else:
            found = found.with_columns(nw.col(RANK).alias(GIVEN))
        if self.policy.minimum_stay_days:
            found = found.join(self._since(), on=KEY, how="left")
        if self.policy.step_limit is not None:
            found = self._anchored(found)
        return found

    def _since(self) -> Table:
        """Return the day on which the policy gave the grade that it last gave."""
        nw = narwhals()
        last = _last(self.decided).select(KEY, nw.col("grade").alias(GIVEN))
        others = (
            self.decided.join(last, on=KEY, how="inner")
            .filter(nw.col("grade") != nw.col(GIVEN))
            .group_by(KEY)
            .agg(nw.col("starts_on").max().alias("changed"))
        )
        run = self.decided.join(others, on=KEY, how="left").filter(
            nw.col("changed").is_null() | (nw.col("starts_on") > nw.col("changed"))
        )
        return run.group_by(KEY).agg(nw.col("starts_on").min().alias(SINCE))

    def _anchored(self, found: Table) -> Table:
        """Return the same with the grade from which steps are counted."""
        nw = narwhals()
        starts = nw.col("starts_on")
        before = _last(self.decided.filter(starts <= nw.lit(self.anchor)))
        within = (starts > nw.lit(self.anchor)) & (starts < nw.lit(self.on))
        since = self.decided.filter(within & ~nw.col("rank").is_null())
        return (
            found.join(before.select(KEY, nw.col("rank").alias(ANCHOR)), on=KEY, how="left")
            .join(
                _last(since, is_first=True).select(KEY, nw.col("rank").alias("since rank")),
                on=KEY,
                how="left",
            )
            .with_columns(nw.coalesce(nw.col(ANCHOR), nw.col("since rank")).alias(ANCHOR))
            .drop("since rank")
        )


def _meant(previous: Frame, policy: GradingPolicy, on: date) -> Table:
    """Return what was on record by a day under a policy, with the ranks of the grades."""
    nw = narwhals()
    columns = [frame_expression(F[name], previous).expr.alias(name) for name in _READ]
    rows = deferred(previous.nw).select(*columns)
    rows = rows.with_columns(
        nw.col("is_override").fill_null(False), rank_of(policy, "grade").alias("rank")
    )
    of_policy = (nw.col("policy") == policy.name).fill_null(False)
    of_nobody = nw.col("policy").is_null() & nw.col("is_override") & ~nw.col("rank").is_null()
    ends = nw.col("ends_on")
    is_sound = ends.is_null() | (ends >= nw.col("starts_on"))
    is_known = nw.col("starts_on") <= nw.lit(on)
    return rows.filter((of_policy | of_nobody) & is_sound & is_known).drop("policy")


def _last(rows: Table, *, is_first: bool = False) -> Table:
    """Return the last row of each customer, or the first."""
    nw = narwhals()
    day = nw.col("starts_on").min() if is_first else nw.col("starts_on").max()
    ends = rows.group_by(KEY).agg(day)
    return rows.join(ends, on=[KEY, "starts_on"], how="inner")


def _check_once(rows: Table) -> None:
    """Refuse two grades of one customer from one day."""
    nw = narwhals()
    counted = rows.group_by(KEY, "starts_on").agg(nw.len().alias("n"))
    _refuse(counted.filter(nw.col("n") > 1), "begin on one day")


def _check_sound(rows: Table) -> None:
    """
    Refuse histories with a gap or an overlap.

    Grades of a customer that begin on different days follow each other if all but the first begin
    on the day after another ends: of n grades, n − 1 ends are asked for, and the last grade ends
    after every beginning, so that each of the others has its own successor.
    """
    nw = narwhals()
    _check_once(rows)
    starts = rows.select(KEY, "starts_on")
    following = rows.filter(~nw.col("ends_on").is_null()).select(
        KEY, nw.col("ends_on").dt.offset_by("1d").cast(nw.Date).alias("starts_on")
    )
    new = starts.join(following, on=[KEY, "starts_on"], how="anti")
    counts = row_of(new, nw.len().alias("n"), nw.col(KEY).n_unique().alias("customers"))
    if int(counts["n"]) > int(counts["customers"] or 0):
        several = new.group_by(KEY).agg(nw.len().alias("n")).filter(nw.col("n") > 1)
        _refuse(several, "have a gap or overlap")


def _refuse(rows: Table, fault: str) -> None:
    found = rows_of(rows.select(KEY).head(1))
    if found:
        name = found[0][KEY]
        raise InvalidFrame(
            "grade_intervals",
            (f"grades of customer {name!r} {fault}; check_histories tells of every case",),
        )
