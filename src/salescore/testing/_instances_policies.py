"""Strategies for policies, score cards and playbooks, and for what stores are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import attrs

from salescore.entities import Customer, record_table
from salescore.grading import (
    CUSTOMER_FIGURES,
    AbcField,
    CustomerFigure,
    EventLine,
    Grade,
    GradeHistory,
    GradingPolicy,
    Requirement,
    ScoreCard,
    ScoreField,
    ScoreGroup,
    ScoreLine,
    Segment,
    ServicePlan,
    StepDecay,
    TagRule,
    customer_figure,
)
from salescore.metrics import RFM_SEGMENTS, SegmentBounds
from salescore.playbook import Playbook
from salescore.storage import Kept, Moment, OrderBy, Page, Put, Query, Remove, Unit, query_schema
from salescore.testing._hypothesis import st
from salescore.testing._instances_rules import conditions
from salescore.testing._policies import graded_histories, grading_policies
from salescore.testing._records import records
from salescore.testing._rules import rules
from salescore.testing._values import days, decimals, instants, texts

Strategy = st.SearchStrategy[Any]

_MOST = 3


def _figure_fields() -> Strategy:
    return st.sampled_from(CUSTOMER_FIGURES).map(customer_figure)


_KEYS = st.text("abcdef", min_size=1, max_size=6)
_LABELS = st.just(("Line", "项目"))


def _score_lines() -> Strategy:
    points = decimals(Decimal(-100), Decimal(100))
    return st.builds(ScoreLine, key=_KEYS, points=points, when=conditions(), labels=_LABELS)


def _score_groups() -> Strategy:
    lines = st.lists(_score_lines(), min_size=1, max_size=2, unique_by=lambda one: one.key)
    return st.builds(ScoreGroup, key=_KEYS, lines=lines, labels=_LABELS)


def _score_cards() -> Strategy:
    groups = st.lists(_score_groups(), min_size=1, max_size=2, unique_by=lambda one: one.key)
    return st.builds(ScoreCard, name=_KEYS, groups=groups.filter(_are_apart), labels=_LABELS)


def _event_lines() -> Strategy:
    return st.builds(
        EventLine,
        key=_KEYS,
        points=decimals(Decimal(-100), Decimal(100)),
        table=st.just("activities"),
        date=st.just("happened_on"),
        labels=_LABELS,
    )


def _segments() -> Strategy:
    return st.builds(Segment, key=_KEYS, rule=conditions(), labels=_LABELS)


def _service_plans() -> Strategy:
    requirement = st.builds(Requirement, key=_KEYS, rule=conditions(), labels=_LABELS)
    return st.builds(
        ServicePlan,
        grade=_KEYS,
        contact_days=st.none() | st.integers(1, 90),
        benefits=st.lists(_LABELS, max_size=1),
        hours=st.none() | decimals(Decimal(0), Decimal(100)),
        budget=st.none() | decimals(Decimal(0), Decimal(100)),
        requirements=st.lists(requirement, max_size=2, unique_by=lambda one: one.key),
    )


def _are_apart(groups: list[ScoreGroup]) -> bool:
    keys = [line.key for group in groups for line in group.lines]
    return len(set(keys)) == len(keys)


def _playbooks() -> Strategy:
    return st.builds(
        Playbook,
        name=texts(least=1),
        version=texts(least=1),
        policies=st.lists(grading_policies(), max_size=1),
        fields=st.lists(_figure_fields(), max_size=_MOST, unique_by=lambda one: one.name),
    )


def _histories() -> Strategy:
    return grading_policies().flatmap(graded_histories)


def kept_records() -> Strategy:
    """Return records of a few types, as a store keeps them."""
    return st.one_of(*(records(name) for name in ("customers", "products", "orders", "expenses")))


def _puts() -> Strategy:
    expected = st.none() | st.integers(0, 3)
    return st.builds(Put, kept_records(), expected, st.none() | days())


def _units() -> Strategy:
    """Return units that change no record twice, and are not empty."""
    removes = st.builds(Remove, st.just("customers"), texts(least=1))
    changes = st.lists(
        st.one_of(_puts(), removes), min_size=1, max_size=_MOST, unique_by=_changed_record
    )
    return st.builds(
        Unit,
        recorded_at=instants(),
        changes=changes,
        events=st.lists(records("events"), max_size=_MOST, unique_by=lambda one: one.id),
        key=st.none() | texts(least=1),
    )


def _changed_record(change: Any) -> tuple[str, str]:  # noqa: ANN401 - a Put or a Remove
    if isinstance(change, Put):
        record: Any = change.record
        return str(type(record).__name__), str(record.id)
    return Customer.__name__, change.id


def _queries() -> Strategy:
    """Return questions about customers."""
    schema = query_schema(record_table("customers"))
    names = ("id", "region", "employees", "created_on")
    few = attrs.evolve(schema, fields=tuple(schema.field(name) for name in names))
    return st.builds(
        Query,
        records=st.just(schema.name),
        where=st.none() | rules(few),
        order=st.lists(
            st.sampled_from(("name", "region", "created_on")).map(OrderBy), max_size=2, unique=True
        ),
        limit=st.integers(1, 100),
        at=st.builds(Moment, recorded=st.none() | instants(), effective=st.none() | days()),
    )


def _kept() -> Strategy:
    return st.builds(
        Kept,
        record=kept_records(),
        version=st.integers(1, 9),
        recorded_at=instants(),
        effective_on=st.none() | days(),
        position=st.integers(1, 99),
    )


OWN: Mapping[Any, Callable[[], Strategy]] = MappingProxyType(
    {
        AbcField: lambda: st.builds(
            AbcField, name=st.just("abc"), by=st.sampled_from(CUSTOMER_FIGURES)
        ),
        CustomerFigure: _figure_fields,
        EventLine: _event_lines,
        StepDecay: lambda: st.just(StepDecay(((30, Decimal(1)), (90, Decimal("0.5"))))),
        TagRule: lambda: st.builds(TagRule, namespace=_KEYS, name=_KEYS, rule=conditions()),
        Grade: lambda: grading_policies().flatmap(lambda one: st.sampled_from(one.grades)),
        GradeHistory: _histories,
        GradingPolicy: grading_policies,
        Playbook: _playbooks,
        ScoreCard: _score_cards,
        ScoreField: lambda: st.builds(ScoreField, name=_KEYS, card=_score_cards()),
        ScoreGroup: _score_groups,
        ScoreLine: _score_lines,
        Segment: _segments,
        SegmentBounds: lambda: st.sampled_from(RFM_SEGMENTS),
        ServicePlan: _service_plans,
        Kept: _kept,
        Page: lambda: st.builds(
            Page, kept=st.lists(_kept(), max_size=_MOST), cursor=st.none() | texts(least=1)
        ),
        Put: _puts,
        Query: _queries,
        Unit: _units,
    }
)
"""Types, each with what draws it."""
