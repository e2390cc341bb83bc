"""Stages, transitions and funnels refuse what they cannot mean."""

import pickle
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import attrs
import pytest
from tests.funnel.sale import STAGES, START, WAYS, after, begun, done, sale

from salescore.entities import StageKind
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel import (
    Context,
    Course,
    Criterion,
    EventTemplate,
    Funnel,
    LimitUnit,
    ServiceLimit,
    Stage,
    StepPolicy,
    Transition,
    decide,
)
from salescore.rules import F

RULE = F.amount > 1
LIMIT = ServiceLimit(amount=3)
WON, LOST = StageKind.WON, StageKind.LOST


def way(**given: Any) -> Transition:  # noqa: ANN401 - whatever a transition takes
    """Return a transition with something else about it."""
    return Transition(**{"event": "go", "sources": ["lead"], "target": "offer", **given})


@pytest.mark.parametrize(
    "make",
    [
        partial(Stage, key=""),
        partial(Stage, key=" "),
        partial(Stage, key=7),
        partial(Stage, key="x" * 257),
        partial(Stage, key="a", kind="open"),
        partial(Stage, key="a", probability=0.5),
        partial(Stage, key="a", probability=Decimal("1.01")),
        partial(Stage, key="a", probability=Decimal("-0.01")),
        partial(Stage, key="a", probability=Decimal("NaN")),
        partial(Stage, key="a", probability=Decimal("1E-19")),
        partial(Stage, key="a", kind=WON, probability=Decimal("0.9")),
        partial(Stage, key="a", kind=LOST, probability=Decimal(1)),
        partial(Stage, key="a", kind=WON, limit=LIMIT),
        partial(Stage, key="a", kind=LOST, exit_criteria=[Criterion(key="k", rule=RULE)]),
        partial(Stage, key="a", required="amount"),
        partial(Stage, key="a", roles=["rep", ""]),
        partial(Stage, key="a", forecast_category=""),
        partial(Criterion, key="", rule=RULE),
        partial(EventTemplate, name=None),
        partial(ServiceLimit, amount=0),
        partial(ServiceLimit, amount=True),
        partial(ServiceLimit, amount=1_000_001),
        partial(ServiceLimit, amount=Decimal(1)),
        partial(ServiceLimit, amount=1, unit="hours"),
        partial(way, event=""),
        partial(way, event="begin"),
        partial(way, sources=()),
        partial(way, sources="lead"),
        partial(way, sources=["lead", "lead"]),
        partial(way, roles="manager"),
        partial(way, required="amount"),
        partial(sale, name=""),
        partial(sale, version=""),
        partial(sale, stages=[]),
        partial(sale, stages=[*STAGES, STAGES[0]]),
        partial(sale, override_roles="manager"),
        partial(sale, skip="refused"),
        partial(sale, back=None),
        partial(sale, valid_from=datetime(2026, 1, 1)),  # noqa: DTZ001 - what is refused
        partial(sale, valid_until="2026-01-01"),
        partial(sale, valid_from=date(2026, 1, 2), valid_until=date(2026, 1, 1)),
        partial(Context, at=START, roles="manager"),
    ],
)
def test_what_a_definition_cannot_mean_is_refused(make: Callable[[], object]) -> None:
    """Faults are found when the definition is made, and not by the first opportunity."""
    with pytest.raises(InvalidValue):
        make()


@pytest.mark.parametrize("given", [{"sources": ["lead", "limbo"]}, {"target": "limbo"}])
def test_transitions_lead_between_stages_of_the_funnel(given: dict[str, Any]) -> None:
    """A stage that is not there is said with those that are."""
    with pytest.raises(UnknownName, match="limbo"):
        sale(transitions=[way(**given)])


def test_what_bounds_allow_is_accepted() -> None:
    """Bounds count: 0 and 1, a fixed probability said once more, one day of validity."""
    for chance in (Decimal(0), Decimal(1), Decimal("0.10")):
        assert Stage(key="a", probability=chance).chance == chance
    assert Stage(key="a", kind=WON, probability=Decimal("1.0")).chance == 1
    assert Stage(key="x" * 256).chance is None
    assert sale(valid_from=date(2026, 1, 1), valid_until=date(2026, 1, 1)).valid_from
    assert Stage(key="a", forecast_category="commit").forecast_category == "commit"


def test_closed_kinds_fix_the_probability() -> None:
    """Won is 1, lost and void are 0; they are done with, holds are not."""
    chances = {one.key: one.chance for one in STAGES if one.is_closed}
    assert chances == {"won": 1, "lost": 0, "void": 0}


def test_a_limit_is_time_on_the_clock() -> None:
    """A day has 24 hours there."""
    assert ServiceLimit(amount=3).time == timedelta(days=3)
    assert ServiceLimit(amount=3, unit=LimitUnit.HOURS).time == timedelta(hours=3)


def test_a_funnel_answers_for_its_stages_and_events() -> None:
    """Order, start, events and what lies between are read off the definition."""
    funnel = sale()
    assert funnel.title == "sale 1"
    assert funnel.start.key == "lead"
    assert dict(funnel.order) == {"lead": 0, "offer": 1, "talks": 2, "won": 3}
    assert [one.key for one in funnel.between("lead", "won")] == ["offer", "talks"]
    assert funnel.between("won", "lead") == funnel.between("lead", "lost") == ()
    assert funnel.between("hold", "won") == ()
    assert funnel.events_from("won") == ("lose", "reopen")
    assert funnel.stage("won").kind is WON
    for act in (funnel.stage, funnel.events_from):
        with pytest.raises(UnknownName, match="limbo"):
            act("limbo")


def test_steps_say_what_they_do_to_the_course_of_a_sale() -> None:
    """Courses are read off the stages alone; where the history tells more, `after` says it."""
    steps = sale().steps
    courses = {
        (source, event): steps[source, event][0].course
        for source, event in (
            ("lead", "propose"),
            ("lead", "win"),
            ("offer", "go back"),
            ("offer", "revise"),
            ("lead", "lose"),
            ("lead", "pause"),
            ("hold", "resume"),
            ("hold", "resume in talks"),
            ("hold", "win"),
            ("lost", "pause"),
            ("lost", "reopen"),
            ("lost", "take up"),
            ("won", "lose"),
            ("lost", "win"),
        )
    }
    on, back, aside = Course.ON, Course.BACK, Course.ASIDE
    resumed, reopened = Course.RESUMED, Course.REOPENED
    assert list(courses.values()) == [
        on,
        on,
        back,
        aside,
        aside,
        aside,
        resumed,
        resumed,
        on,
        reopened,
        reopened,
        reopened,
        aside,
        on,
    ]
    (step,) = steps["hold", "resume in talks"]
    assert [(key, one.course) for key, one in step.after] == [
        ("lead", on),
        ("offer", on),
        ("talks", resumed),
    ]
    assert [asked.stage for key, one in step.after for asked in one.asked] == ["offer", "offer"]


def test_a_stage_after_the_win_is_not_left_out_by_it() -> None:
    """What follows the contract in the order of stages is no stage that a win skips."""
    service = Stage(key="service")
    funnel = sale(stages=[*STAGES, service])
    (step,) = funnel.steps["lead", "win"]
    assert [one.key for one in step.passed] == ["offer", "talks"]


def test_an_equal_funnel_decides_equally() -> None:
    """Answers of two copies of a definition are equal, though each compiled its own rules."""
    last = begun()
    assert done(last, "propose", sale()) == done(last, "propose", sale())


def test_a_funnel_that_has_decided_can_be_sent_to_another_process() -> None:
    """What is compiled stays behind, and is made again there."""
    funnel = sale()
    last = begun(funnel)
    here = done(last, "propose", funnel)
    copy: Funnel = pickle.loads(pickle.dumps(funnel))  # noqa: S301 - made here
    assert copy == funnel
    there = decide(copy, last.opportunity, "propose", after(1, last))
    assert there.opportunity == here.opportunity


def test_policies_are_closed_sets() -> None:
    """Another version of a funnel is another funnel."""
    assert attrs.evolve(sale(), skip=StepPolicy.REFUSED) != sale()
    assert len({one.event for one in WAYS}) == len(sale().events)
