"""The model behind a lead score: a table of counts, learned from closed cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property

import attrs

from salescore.entities import StageKind
from salescore.errors import InvalidRecord, UnknownName
from salescore.grading._lead_counts import CaseCount, FieldCounts, counts_of_fields
from salescore.grading._lead_example import (
    LeadExample,
    Pairs,
    check_singles,
    closed_examples,
    sorted_pairs,
)
from salescore.grading._lead_score import STAGE, LeadFactor, LeadField, LeadScore, Neutral
from salescore.plain import Node

FEWEST_CASES = 50
"""Closed cases below which a model gives no scores, by default."""

SCHEMA = "salescore/lead-model/1"
"""Name and version of the JSON form."""

_COUNT_KEYS = ("value", "won", "lost")
_FIELD_KEYS = ("name", "minimum_cases", "is_set", "values")
_KEYS = ("schema", "stages", "lost", "fields", "minimum_cases")


@attrs.frozen(kw_only=True)
class LeadModel:
    """
    A smoothed naive Bayes model of which leads are won.

    It is a table of counts and nothing else, so that anybody can check a score by hand.

    Attributes:
        stages: Counts by stage, in the order in which a lead walks through them; at least one. A
            won case counts in every stage, a lost one in each up to the one it reached.
        lost: All lost cases, also those of which nobody knows the stage they reached.
        fields: Counts by value of each field.
        minimum_cases: Closed cases below which it gives no scores, at least 1.
    """

    stages: tuple[CaseCount, ...]
    lost: int
    fields: tuple[FieldCounts, ...] = ()
    minimum_cases: int = FEWEST_CASES

    def __attrs_post_init__(self) -> None:
        _check_names("stages", [one.value for one in self.stages], fewest=1)
        _check_names("fields", [one.field.name for one in self.fields], fewest=0)
        won = [one.won for one in self.stages]
        if len(set(won)) > 1:
            fault = "a won case counts in every stage"
            raise InvalidRecord("LeadModel", "stages", tuple(won), fault)
        lost = [self.lost, *(one.lost for one in self.stages)]
        if type(self.lost) is not int or lost != sorted(lost, reverse=True):
            fault = "it must be a whole number; no stage has more lost cases than that before it"
            raise InvalidRecord("LeadModel", "lost", tuple(lost), fault)
        if type(self.minimum_cases) is not int or self.minimum_cases < 1:
            fault = "it must be a whole number from 1"
            raise InvalidRecord("LeadModel", "minimum_cases", self.minimum_cases, fault)
        for one in self.fields:
            each = one.values
            if one.field.is_set:
                most_won = max((count.won for count in each), default=0)
                most_lost = max((count.lost for count in each), default=0)
            else:
                most_won = sum(count.won for count in each)
                most_lost = sum(count.lost for count in each)
            if most_won > self.won or most_lost > self.lost:
                fault = "its values have more cases than there are"
                raise InvalidRecord("LeadModel", "fields", one.field.name, fault)

    @classmethod
    def fit(
        cls,
        examples: Iterable[LeadExample],
        *,
        fields: Sequence[LeadField],
        stages: Sequence[str],
        minimum_cases: int = FEWEST_CASES,
    ) -> LeadModel:
        """
        Return the model that counts cases.

        A won case counts in every stage, a lost one in each up to and with the one it reached.
        Where nobody knows the stage that a lost case reached, it counts for the prior and for its
        values, not for the stages.

        Args:
            examples: Cases in any order; those neither won nor lost are passed over.
            fields: Fields to score by; other values of the cases are passed over.
            stages: Open stages in the order in which a lead walks through them.
            minimum_cases: Closed cases below which the model gives no scores, at least 1.

        Raises:
            InvalidValue: A key stands twice, or a case has two values of a field that is no set.
            InvalidRecord: No stage or one twice, a field twice, or no minimum from 1.
            UnknownName: A lost case reached a stage that is none of these.
        """
        _check_names("stages", stages, fewest=1)
        _check_names("fields", [one.name for one in fields], fewest=0)
        cases = closed_examples(examples)
        singles = {one.name for one in fields if not one.is_set}
        reached = Counter[str]()
        for case in cases:
            check_singles(case.values, singles)
            if case.outcome is StageKind.LOST and case.stage is not None:
                if case.stage not in stages:
                    raise UnknownName("stage", case.stage, tuple(stages))
                reached[case.stage] += 1
        won = sum(1 for case in cases if case.outcome is StageKind.WON)
        return cls(
            stages=tuple(
                CaseCount(value=stage, won=won, lost=sum(reached[one] for one in stages[place:]))
                for place, stage in enumerate(stages)
            ),
            lost=len(cases) - won,
            fields=counts_of_fields(cases, fields),
            minimum_cases=minimum_cases,
        )

    @property
    def won(self) -> int:
        """Return how many cases were won."""
        return self.stages[0].won

    @cached_property
    def reason(self) -> str | None:
        """Return why the model gives no scores; `None` where it does."""
        closed = self.won + self.lost
        if closed < self.minimum_cases:
            return f"too few closed cases: {closed:,}, at least {self.minimum_cases:,} are needed"
        if not (self.won and self.lost):
            outcome = "lost" if self.won else "won"
            return f"no case was {outcome}, so that there is nothing to tell apart"
        return None

    @cached_property
    def prior(self) -> Fraction:
        """Return the smoothed share of won cases: what a lead scores of which nothing is known."""
        won, lost = self._all.smoothed
        return won / (won + lost)

    @cached_property
    def _all(self) -> CaseCount:
        return CaseCount(value=STAGE, won=self.won, lost=self.lost)

    @cached_property
    def _stage_factors(self) -> dict[str, LeadFactor]:
        totals = self.stages[0].smoothed
        return {one.value: one.factor(STAGE, totals) for one in self.stages}

    @cached_property
    def _singles(self) -> set[str]:
        return {one.field.name for one in self.fields if not one.field.is_set}

    def score(self, values: Pairs, stage: str | None = None) -> LeadScore:
        """
        Return how likely a lead is won, with what each value contributed.

        The odds begin as won ÷ lost. Each value multiplies them by its share of all won cases of
        the field ÷ its share of all lost ones, the stage by its shares of the cases that count in
        the first stage; 0.1 is added to each count. The probability is odds ÷ (1 + odds).

        Args:
            values: Fields with their values, in any order; what is unknown is left out.
            stage: Stage it stands at; `None` when unknown, which says as little as the first.

        Returns:
            The score; none, with a reason, where the model has too few cases, or all of one kind.
            A value that is unknown, was never or rarely seen, or belongs to a field that the model
            does not read, moves nothing and stands among the factors with its reason.

        Raises:
            InvalidValue: A field or a value is no text, or two values of a field that is no set.

        Source:
            Naive Bayes with additive smoothing, in the form of the predictive lead scoring of
            Odoo's CRM.
        """
        given = sorted_pairs(values)
        check_singles(given, self._singles)
        if self.reason is not None:
            return LeadScore(
                exact=None, prior=None, won=self.won, lost=self.lost, reason=self.reason
            )
        factors = tuple(self._factors(given, stage))
        won, lost = self._all.smoothed
        odds = won / lost
        for one in factors:
            odds *= one.ratio
        return LeadScore(
            exact=odds / (1 + odds),
            prior=self.prior,
            won=self.won,
            lost=self.lost,
            factors=factors,
        )

    def _factors(self, given: Sequence[tuple[str, str]], stage: str | None) -> Iterable[LeadFactor]:
        yield _heard(STAGE, stage, self._stage_factors)
        for counts in self.fields:
            name = counts.field.name
            values = [value for field, value in given if field == name]
            for value in values or (None,):
                yield _heard(name, value, counts.factors)
        read = {one.field.name for one in self.fields}
        for field, value in given:
            if field not in read:
                yield LeadFactor(field=field, value=value, neutral=Neutral.UNREAD)

    def as_data(self) -> dict[str, object]:
        """Return plain JSON data that `from_data` reads."""
        return {
            "schema": SCHEMA,
            "minimum_cases": self.minimum_cases,
            "lost": self.lost,
            "stages": [attrs.asdict(one) for one in self.stages],
            "fields": [
                {
                    **attrs.asdict(one.field),
                    "values": [attrs.asdict(count) for count in one.values],
                }
                for one in self.fields
            ],
        }

    @classmethod
    def from_data(cls, data: object, path: str = "lead_model") -> LeadModel:
        """
        Return the model that plain data state.

        Args:
            data: What `as_data` wrote.
            path: Where the data stand, for error messages.

        Raises:
            InvalidDocument: A key is missing or unknown, a value of the wrong type, of another
                version, or the counts contradict each other.
        """
        node = Node(data, path)
        form = node.object(_KEYS, required=_KEYS)
        form["schema"].choice([SCHEMA], "schema")
        try:
            return cls(
                stages=tuple(map(_count_from, form["stages"].items())),
                lost=_whole(form["lost"]),
                fields=tuple(map(_field_from, form["fields"].items())),
                minimum_cases=_whole(form["minimum_cases"]),
            )
        except InvalidRecord as error:
            node.refuse(f"{error.field}: {error.fault}")


def _heard(field: str, value: str | None, known: dict[str, LeadFactor]) -> LeadFactor:
    """Return what a value contributes, which is nothing where it is unknown or was never seen."""
    if value is None:
        return LeadFactor(field=field, value=None, neutral=Neutral.UNKNOWN)
    unseen = LeadFactor(field=field, value=value, neutral=Neutral.UNSEEN)
    return known.get(value, unseen)


def _check_names(what: str, names: Sequence[str], fewest: int) -> None:
    """Refuse names that are too few or stand twice."""
    if len(names) < fewest or len(set(names)) < len(names):
        fault = f"at least {fewest} of them, each with a name of its own"
        raise InvalidRecord("LeadModel", what, tuple(names), fault)


def _whole(node: Node) -> int:
    if type(node.data) is not int or node.data < 0:
        node.refuse("expected a whole number from 0")
    return node.data


def _count_from(node: Node) -> CaseCount:
    form = node.object(_COUNT_KEYS, required=_COUNT_KEYS)
    value, won, lost = (form[key] for key in _COUNT_KEYS)
    return CaseCount(value=value.text(), won=_whole(won), lost=_whole(lost))


def _field_from(node: Node) -> FieldCounts:
    form = node.object(_FIELD_KEYS, required=_FIELD_KEYS)
    try:
        return FieldCounts(
            field=LeadField(
                name=form["name"].text(),
                minimum_cases=_whole(form["minimum_cases"]),
                is_set=form["is_set"].flag(),
            ),
            values=tuple(map(_count_from, form["values"].items())),
        )
    except InvalidRecord as error:
        node.refuse(f"{error.field}: {error.fault}")
