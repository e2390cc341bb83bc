"""Stock engines of JsonLogic answer our rules as we do, on texts, dates, decimals and nulls."""

import json
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import datalogic_py
import json_logic
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import RuleTypeError
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Expression,
    F,
    RuleType,
    Term,
    check_types,
    coalesce,
    compile_expression,
    days_between,
    evaluate,
    from_jsonlogic,
    jsonlogic_row,
    rule_text,
    to_jsonlogic,
    when,
)

Row = dict[str, Any]
DIGITS = 2
CHOICES = ("gold", "b1")


def field(
    name: str,
    kind: Kind,
    *,
    nullable: bool = True,
    is_set: bool = False,
    choices: tuple[str, ...] = (),
) -> Field:
    """Return a field without a story."""
    labels = (name, name)
    return Field(
        name=name, kind=kind, nullable=nullable, labels=labels, is_set=is_set, choices=choices
    )


TABLE = FieldTable(
    name="rows",
    fields=(
        field("region", Kind.TEXT),
        field("name", Kind.TEXT, nullable=False),
        field("revenue", Kind.DECIMAL),
        field("cost", Kind.DECIMAL),
        field("orders", Kind.DECIMAL, nullable=False),
        field("since", Kind.DATE),
        field("last.order", Kind.DATE),
        field("active", Kind.BOOLEAN),
        field("vip", Kind.BOOLEAN, nullable=False),
        field("seen", Kind.INSTANT),
        field("tags", Kind.TEXT, is_set=True),
        field("grade", Kind.CHOICE, choices=CHOICES),
    ),
)

TEXTS = (
    *("", " ", "West", "East", "st", "W", "Wst", "华东", "东", "a", "undefined", "null", "true"),
    *("10", "10.0", "1e1", "1e3", "0", "-0", "0x10", "1d", "24h", "1d:0h", "0s", "0d"),
    *("2020-01-01", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.0Z", "P1D", "PT24H"),
    *(
        "😀",
        "\uffee",
        "😀st",
        "a\uffee",
        "e\u0301",
        "é",
        "\x00",
        "=",
        "=1d",
        " West",
        "line\nbreak",
    ),
)
"""Texts that one engine or another takes for something else, or orders or cuts in its own way."""

NUMBERS = tuple(map(Decimal, ("0", "-0", "1", "-1", "0.5", "100", "-0.01", "2814749767106.55")))
DAYS = (date(2000, 1, 1), date(2017, 3, 1), date.min, date.max)
MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)


def drawn_row(chance: random.Random) -> Row:
    """Return a row, a quarter of whose values are null."""

    def maybe(value: object) -> object:
        return None if chance.random() < 0.25 else value

    def decimal() -> Decimal:
        cents = Decimal(chance.randint(-(10**6), 10**6)).scaleb(-DIGITS)
        return chance.choice((*NUMBERS, cents, cents))

    def day() -> date:
        return chance.choice((*DAYS, date(1990, 1, 1) + timedelta(chance.randint(0, 25_000))))

    later = MIDNIGHT + timedelta(microseconds=chance.choice((0, 1, chance.randint(0, 10**15))))
    return {
        "region": maybe(chance.choice(TEXTS)),
        "name": chance.choice(TEXTS),
        "revenue": maybe(decimal()),
        "cost": maybe(decimal()),
        "orders": decimal(),
        "since": maybe(day()),
        "last.order": maybe(day()),
        "active": maybe(chance.random() < 0.5),
        "vip": chance.random() < 0.5,
        "seen": maybe(later),
        "tags": maybe(frozenset(chance.sample(TEXTS, chance.randint(0, 3)))),
        "grade": maybe(chance.choice(CHOICES)),
    }


def drawn_rows(count: int) -> list[Row]:
    """Return the same rows in every run, the first with every null that the table allows."""
    chance = random.Random(20171231)  # noqa: S311 - rows, no secret
    rows = [drawn_row(chance) for _ in range(count)]
    for one in TABLE.fields:
        if one.nullable:
            rows[0][one.name] = None
    return rows


ENGINE = datalogic_py.Engine()
ROWS = drawn_rows(100)
DATA = [jsonlogic_row(row, TABLE, DIGITS) for row in ROWS]


def answers_of(rule: Expression, rows: list[Row] = ROWS) -> list[Any]:
    """Return our own answers: whether a condition is true, or values as they travel."""
    run = compile_expression(rule, lambda name: lambda row: row[name])
    if check_types(rule, TABLE) is RuleType.BOOLEAN:
        return [run(row) is True for row in rows]
    return [travelling(run(row)) for row in rows]


def travelling(value: object) -> object:
    """Return a value in the form that the reference says it travels in, reckoned on its own."""
    match value:
        case Decimal():
            steps = value.scaleb(DIGITS)
            assert steps == steps.to_integral_value()
            return int(steps)
        case datetime():
            since = value - datetime(1970, 1, 1, tzinfo=UTC)
            return since.days * 86_400_000_000 + since.seconds * 1_000_000 + since.microseconds
        case date():
            return value.toordinal() - date(1970, 1, 1).toordinal()
        case frozenset():
            return sorted(value)
        case _:
            return value


def check(rule: Expression, written: object) -> int:
    """Hold both engines to our answers on every row; return how many answers were compared."""
    ours = answers_of(rule)
    compiled = ENGINE.compile(json.dumps(written))
    engines = {
        "panzi-json-logic": [json_logic.jsonLogic(written, row) for row in DATA],
        "datalogic-py": [compiled.evaluate(row) for row in DATA],
    }
    for name, theirs in engines.items():
        # Types are compared as well: 1 is not true.
        if [(type(one), one) for one in theirs] != [(type(one), one) for one in ours]:
            place = next(
                place
                for place, pair in enumerate(zip(theirs, ours, strict=True))
                if pair[0] != pair[1] or type(pair[0]) is not type(pair[1])
            )
            pytest.fail(
                f"{name} says {theirs[place]!r}, we say {ours[place]!r} of {rule_text(rule)} "
                f"on {ROWS[place]}: {json.dumps(written)}"
            )
    return len(engines) * len(ours)


def differential(kind: RuleType, examples: int) -> Counter[str]:
    """Compare engines on drawn rules; return counts of rules, written rules and answers."""
    counts: Counter[str] = Counter()

    @settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(testing.rules(TABLE, kind))
    def agree(rule: Expression) -> None:
        counts["rules"] += 1
        try:
            written = to_jsonlogic(rule, TABLE, DIGITS)
        except RuleTypeError:
            return
        counts["written"] += 1
        counts["cells"] += check(rule, written)

    agree()
    return counts


@pytest.mark.slow
def test_both_engines_agree_with_us_on_every_cell() -> None:
    """At least 200,000 answers of two engines are ours, and few rules cannot be written."""
    counts = differential(RuleType.BOOLEAN, 1_200)
    for kind in (RuleType.NUMBER, RuleType.TEXT, RuleType.DATE, RuleType.INSTANT, RuleType.TAGS):
        counts += differential(kind, 60)
    assert counts["cells"] >= 200_000
    assert counts["written"] >= 0.75 * counts["rules"]


@pytest.mark.parametrize("kind", RuleType)
def test_engines_agree_with_us_on_some_rules_of_each_type(kind: RuleType) -> None:
    """Conditions and values of every type come out of both engines as they come out of ours."""
    counts = differential(kind, 40)
    assert counts["cells"] > 0


@pytest.mark.parametrize("text", TEXTS)
def test_texts_are_told_apart_by_every_engine(text: str) -> None:
    """No engine takes `1d` for `24h`, `10` for `1e1`, or one spelling of an instant for another."""
    rules: list[Term] = [
        F.region == text,
        F.region != text,
        F.region == F.name,
        F.region != F.name,
        F.region.is_in([text, "West"]),
        ~F.region.is_in([text]),
        coalesce(F.region, text) == F.name,
        when((F.active, text), otherwise=F.name) == F.region,
        F.region.starts_with(text),
        F.region.contains(text),
        ~F.region.ends_with(text),
        F.tags.has_any([text]),
        F.tags.has_all([text, "West"]),
        ~F.tags.has_none([text]),
    ]
    assert all(check(rule.tree, to_jsonlogic(rule, TABLE, DIGITS)) == 200 for rule in rules)


@pytest.mark.parametrize("text", [text for text in TEXTS if max(text, default="") < "\ud800"])
def test_texts_are_ordered_alike_around_a_plain_one(text: str) -> None:
    """What comes before a text of the basic plane's lower part is the same in every engine."""
    for rule in (F.region < text, F.region <= text, F.region > text, F.name >= text):
        assert check(rule.tree, to_jsonlogic(rule, TABLE, DIGITS)) == 200
    between = F.name.between("", text)
    assert check(between.tree, to_jsonlogic(between, TABLE, DIGITS)) == 200


@pytest.mark.parametrize("text", ["0.005", "-0.005", "1", "1E+30", "-1E+30", "99999999999999.99"])
def test_a_literal_between_two_steps_or_out_of_reach_is_compared_rightly(text: str) -> None:
    """A number finer or larger than rows can carry still decides every comparison."""
    number = Decimal(text).scaleb(0) if "E" not in text else Decimal(int(Decimal(text)))
    for rule in (
        F.revenue < number,
        F.revenue <= number,
        F.revenue > number,
        F.revenue >= number,
        F.revenue == number,
        F.revenue != number,
        F.revenue.is_in([number, 1]),
        F.revenue.between(number, 100),
    ):
        for one in (rule, ~rule):
            assert check(one.tree, to_jsonlogic(one, TABLE, DIGITS)) == 200


def test_days_between_dates_are_numbers_like_others() -> None:
    """Days are carried on the scale of numbers, so that they add to numbers."""
    days = days_between(F.since, F["last.order"])
    for rule in (days <= 30, days + 1 > F.orders, ~(days * 2 == 60)):
        assert check(rule.tree, to_jsonlogic(rule, TABLE, DIGITS)) == 200
    assert check(days.tree, to_jsonlogic(days, TABLE, DIGITS)) == 200


def test_a_rule_as_deep_as_a_rule_may_be_is_answered() -> None:
    """Guards do not nest what is written deeper than engines go."""
    rule = F.active
    for _ in range(10):
        rule = ~when((rule & F.vip, F.active), otherwise=F.vip)
    assert check(rule.tree, to_jsonlogic(rule, TABLE, DIGITS)) == 200


WHOLE = FieldTable(
    name="whole",
    fields=(
        field("s", Kind.TEXT),
        field("t", Kind.TEXT, nullable=False),
        field("n", Kind.DECIMAL),
        field("k", Kind.DECIMAL, nullable=False),
        field("b", Kind.BOOLEAN),
        field("tags", Kind.TEXT, is_set=True),
    ),
)


@given(testing.rules(WHOLE), st.lists(testing.rows(WHOLE), min_size=1, max_size=5))
def test_what_is_written_means_the_same_when_read_back(rule: Expression, rows: list[Row]) -> None:
    """A rule written and read again is true on the same rows, and is never unknown."""
    try:
        again = from_jsonlogic(to_jsonlogic(rule, WHOLE, 0), WHOLE)
    except RuleTypeError:
        return
    for row in rows:
        if all(not isinstance(one, Decimal) or one == int(one) for one in row.values()):
            assert evaluate(again, row) is (evaluate(rule, row) is True)
