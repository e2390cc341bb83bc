"""The strategies make what they say, and all of it."""

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any, get_args

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from tests.testing.seeded import many

from salescore import testing
from salescore.book import FACT_TABLES
from salescore.entities import RECORD_TABLES, record_table
from salescore.errors import InvalidValue, MissingExtra, UnknownName
from salescore.plain import (
    CustomFields,
    Field,
    FieldTable,
    Kind,
    custom_field,
    custom_values,
    value_fault,
)
from salescore.rules import (
    Comparator,
    Expression,
    Operator,
    RuleType,
    TagMatch,
    TextMatch,
    check_types,
    evaluate,
    fields_of,
)
from salescore.values import (
    Calendar,
    CalendarUnit,
    CustomYears,
    MonthYears,
    Period,
    Rounding,
    WeekYears,
)

FEW = settings(max_examples=25)


@pytest.mark.parametrize("table", RECORD_TABLES, ids=lambda table: table.name)
@settings(max_examples=10)
@given(data=st.data())
def test_records_of_each_type_are_drawn_by_its_name(table: FieldTable, data: st.DataObject) -> None:
    """The name of a record type is enough to draw its records; a field may be given."""
    assert table.record is not None
    made = data.draw(testing.records(table.name, id=st.just("X-1")))
    assert isinstance(made, table.record)
    assert made.id == "X-1"


def test_records_of_a_fact_table_are_refused() -> None:
    """Facts are rows, not records."""
    with pytest.raises(InvalidValue, match=r"draw rows\(table\)"):
        testing.records(FACT_TABLES[0])


def test_a_field_that_does_not_exist_is_refused() -> None:
    """A misspelt field would silently be random."""
    with pytest.raises(UnknownName, match="did you mean 'region'"):
        testing.records("teams", regions=st.just("West"))


@FEW
@given(testing.records(record_table("order_lines"), ["CNY", "JPY"]))
def test_records_keep_to_the_currencies_asked_for(line: Any) -> None:  # noqa: ANN401 - a line
    """All money of one record is in one currency, and that is one of those."""
    moneys = [line.net_amount, line.gross_amount, line.cost]
    codes = {money.currency for money in moneys if money is not None}
    assert len(codes) == 1
    assert codes < {"CNY", "JPY"}


@FEW
@given(st.data())
def test_records_have_their_registered_fields(data: st.DataObject) -> None:
    """The table of a book that registered fields draws records with values in them."""
    field = custom_field("score", Kind.DECIMAL, "Score", "评分", maximum=Decimal(9))
    table = CustomFields.of({"teams": [field]}).extend(record_table("teams"))
    team = data.draw(testing.records(table, score=st.just(Decimal(3))))
    assert team.custom == custom_values(score=Decimal(3))
    other = data.draw(testing.records(table))
    assert all(name == "score" and value <= 9 for name, value in other.custom)


def test_nullable_fields_are_sometimes_null_and_sometimes_not() -> None:
    """A strategy that never leaves anything out, or always does, proves too little."""
    seen: set[tuple[str, bool]] = set()
    table = record_table("customers")
    many(
        testing.records("customers"),
        lambda one: seen.update((name, getattr(one, name) is None) for name in table.names),
    )
    nulls = {(field.name, True) for field in table.fields if field.nullable}
    assert seen == nulls | {(name, False) for name in table.names}


def test_texts_are_of_any_script() -> None:
    """Letters beyond Latin come up, and so does the empty text."""
    seen: set[str] = set()
    many(testing.texts(), seen.add)
    assert "" in seen
    assert any("一" <= letter <= "龥" for text in seen for letter in text)


@given(testing.texts(least=1, most=3))
def test_texts_keep_their_length(text: str) -> None:
    """Both limits are inclusive."""
    assert 1 <= len(text) <= 3


@given(testing.decimals(Decimal("-0.5"), Decimal(2)), testing.decimals(maximum=Decimal(0)))
def test_decimals_keep_their_bounds(between: Decimal, below: Decimal) -> None:
    """Bounds are inclusive, and either may be left out."""
    assert Decimal("-0.5") <= between <= 2
    assert below <= 0


def test_decimals_reach_every_digit() -> None:
    """Long numbers come up, and long fractions."""
    seen: set[Decimal] = set()
    many(testing.decimals(), seen.add)
    assert max(len(number.as_tuple().digits) for number in seen) == 38
    assert any(number and number.as_tuple().exponent == -18 for number in seen)


@FEW
@given(testing.moneys(["EUR"], testing.decimals(Decimal(0), Decimal(9))))
def test_money_is_as_asked(money: Any) -> None:  # noqa: ANN401 - money
    """Currencies and amounts are the caller's to choose."""
    assert money.currency == "EUR"
    assert 0 <= money.amount <= 9


@FEW
@given(testing.days(date(2016, 2, 28), date(2016, 3, 1)), testing.days(last=date(1990, 1, 1)))
def test_days_keep_their_bounds(near: date, first: date) -> None:
    """Both bounds are inclusive, and need not hold the plainest day."""
    assert date(2016, 2, 28) <= near <= date(2016, 3, 1)
    assert first == date(1990, 1, 1)


def test_days_and_instants_are_of_any_year_and_hour() -> None:
    """Every decade comes up, and times of the whole day down to the microsecond."""
    decades: set[int] = set()
    many(testing.days(), lambda day: decades.add(day.year // 10), 1_000)
    assert decades == set(range(199, 207))
    seen: list[datetime] = []
    many(testing.instants(), seen.append)
    assert {one.hour for one in seen} >= {0, 23}
    assert any(one.microsecond == 0 for one in seen)
    assert any(one.microsecond % 1000 for one in seen)
    assert {one.tzinfo for one in seen} == {UTC}


@FEW
@given(testing.instants(date(2016, 2, 29), date(2016, 2, 29)))
def test_instants_keep_to_their_days(instant: datetime) -> None:
    """Both bounds are inclusive, and days are those of UTC."""
    assert instant.date() == date(2016, 2, 29)


def test_plain_values_come_first() -> None:
    """What is the same for all values shrinks to a value that nobody stumbles over."""
    assert find(testing.days(), lambda _: True) == date(2000, 1, 1)
    assert find(testing.days(first=date(2016, 1, 1)), lambda _: True) == date(2016, 1, 1)
    assert find(testing.instants(), lambda _: True) == datetime(2000, 1, 1, tzinfo=UTC)
    assert find(testing.decimals(), lambda number: number > 2) == Decimal("2.01")


@FEW
@given(testing.decimals(Decimal("0.00001"), Decimal("0.00002")))
def test_decimals_between_bounds_closer_than_their_places(number: Decimal) -> None:
    """Where no number of four places fits, the bounds themselves are left."""
    assert number in {Decimal("0.00001"), Decimal("0.00002")}


@given(testing.periods())
def test_a_period_can_be_read_again(period: Period) -> None:
    """Every period is one of its calendar: its key names it."""
    assert Calendar.named(period.calendar).parse(period.key) == period


@FEW
@given(testing.periods(st.just(Calendar.months(4)), [CalendarUnit.QUARTER], custom=False))
def test_periods_are_as_asked(period: Period) -> None:
    """Calendar and unit are the caller's to choose."""
    assert (period.calendar, period.unit) == ("gregorian-04", CalendarUnit.QUARTER)


def test_calendars_of_every_layout() -> None:
    """Every layout comes up, and custom ones only where they may."""
    seen: set[type] = set()
    many(testing.calendars(), lambda one: seen.add(type(one.layout)))
    assert seen == {MonthYears, WeekYears, CustomYears}
    seen.clear()
    many(testing.calendars(custom=False), lambda one: seen.add(type(one.layout)))
    assert seen == {MonthYears, WeekYears}


@FEW
@given(st.data())
def test_days_that_a_calendar_knows(data: st.DataObject) -> None:
    """Each day lies in a period of each unit that the calendar has."""
    calendar = data.draw(testing.calendars())
    day = data.draw(testing.days_of(calendar))
    assert all(day in calendar.period(day, unit) for unit in calendar.units)


ALL_KINDS = FieldTable(
    name="facts",
    fields=tuple(
        Field(
            name=kind.value,
            kind=kind,
            nullable=kind is not Kind.TEXT,
            labels=("", ""),
            choices=("open", "won") if kind is Kind.CHOICE else (),
        )
        for kind in Kind
    ),
)
TAGGED = FieldTable(
    name="facts",
    fields=(
        *ALL_KINDS.fields,
        Field(name="tags", kind=Kind.TEXT, nullable=True, labels=("", ""), is_set=True),
    ),
)


@FEW
@given(testing.rows(ALL_KINDS))
def test_rows_conform_to_their_table(row: dict[str, Any]) -> None:
    """A row has every column but money, each in its kind or null where it may be."""
    assert list(row) == [kind.value for kind in Kind if kind is not Kind.MONEY]
    assert row["choice"] in {None, "open", "won"}
    for field in ALL_KINDS.fields:
        if field.kind not in (Kind.CHOICE, Kind.MONEY):
            assert value_fault(field, row[field.name]) is None


def test_rows_hold_sets_of_tags() -> None:
    """A set field holds frozen sets of texts, empty ones and null among them."""
    seen: set[frozenset[str] | None] = set()
    many(testing.rows(TAGGED), lambda row: seen.add(row["tags"]))
    assert {None, frozenset()} <= seen
    sets = [tags for tags in seen if tags is not None]
    assert all(isinstance(tags, frozenset) for tags in sets)
    assert {len(tags) for tags in sets} == {0, 1, 2, 3}
    assert any("vip" in tags for tags in sets)


def test_rules_have_every_kind_of_node() -> None:
    """Each kind of node comes up somewhere in a rule, and each alternative of a node."""
    seen: set[str] = set()
    kinds = (Comparator, Operator, TextMatch, TagMatch, Rounding)
    words = {f"{node.__name__}(" for node in get_args(Expression)}
    words |= {f"<{one}: " for kind in kinds for one in kind}
    words |= {f"'{name}'" for name in TAGGED.names if name != "money"}
    words.add("otherwise=None")
    many(
        st.tuples(testing.rules(TAGGED), testing.rules(TAGGED, RuleType.NUMBER)),
        lambda pair: seen.update(word for word in words if word in repr(pair)),
        count=600,
    )
    assert seen == words


@pytest.mark.parametrize("yields", RuleType)
@FEW
@given(data=st.data())
def test_rules_yield_what_was_asked_for(yields: RuleType, data: st.DataObject) -> None:
    """Numbers, texts, days, instants and tags are drawn as conditions are, and evaluate."""
    rule = data.draw(testing.rules(TAGGED, yields))
    assert check_types(rule, TAGGED) is yields
    found = evaluate(rule, data.draw(testing.rows(TAGGED)))
    assert found is None or isinstance(found, PYTHON[yields])


PYTHON = {
    RuleType.BOOLEAN: bool,
    RuleType.NUMBER: Decimal,
    RuleType.TEXT: str,
    RuleType.DATE: date,
    RuleType.INSTANT: datetime,
    RuleType.TAGS: frozenset,
}


def test_a_table_without_instants_still_has_literals_of_them() -> None:
    """A type that no field has is drawn from literals alone."""
    table = FieldTable(name="flags", fields=(ALL_KINDS.field("boolean"),))
    seen: set[str] = set()
    many(testing.rules(table, RuleType.INSTANT), lambda rule: seen.add(type(rule).__name__), 20)
    assert seen == {"Literal"}


def test_conditions_take_all_three_values() -> None:
    """No value of a random rule on a random row is rare, and no rule fails on a row."""
    seen = {True: 0, False: 0, None: 0}

    def look(pair: tuple[Expression, dict[str, Any]]) -> None:
        found = evaluate(*pair)
        assert found is None or isinstance(found, bool)
        seen[found] += 1

    many(st.tuples(testing.rules(TAGGED), testing.rows(TAGGED)), look)
    assert min(seen.values()) >= 15


def test_a_part_of_a_rule_may_be_a_mere_field() -> None:
    """A field of truth values is a condition by itself."""
    table = FieldTable(name="flags", fields=(ALL_KINDS.field("boolean"),))
    seen: list[Expression] = []
    many(testing.rules(table), seen.append)
    assert any("parts=(FieldRef(" in repr(rule) for rule in seen)


@FEW
@given(testing.rules(TAGGED))
def test_a_rule_never_reads_money(rule: Expression) -> None:
    """Money in any currency has no meaning for a rule."""
    assert "money" not in fields_of(rule)


def test_without_hypothesis_the_extra_is_named() -> None:
    """The import says what to install, and importing the package itself needs nothing."""
    script = (
        "import sys\n"
        "sys.modules['hypothesis'] = None\n"
        "import salescore\n"
        "from salescore.errors import MissingExtra\n"
        "try:\n"
        "    import salescore.testing\n"
        "except MissingExtra as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, encoding="utf-8"
    )
    assert (
        done.stdout == "hypothesis is not installed; pip install 'salescore[testing]' brings it\n"
    )


def test_the_error_comes_from_the_first_import(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever module of the room is imported first, the error is the same."""
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "salescore.testing._hypothesis")
    with pytest.raises(MissingExtra, match="hypothesis is not installed"):
        import_module("salescore.testing._hypothesis")
