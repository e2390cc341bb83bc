"""How other systems write headings, numbers, truth, days and moments, and how they are read."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.conftest import Read

from salescore.errors import InvalidNumber
from salescore.exchange import Import
from salescore.exchange._headings import folded
from salescore.exchange._numerals import Numbers, Scale, marked_number
from salescore.values import Finding, Money

Spec = dict[str, Any]


def profile(fields: Spec, record: str = "opportunities", **rest: object) -> Spec:
    """Return a profile of one file with one record type."""
    file = {key: rest.pop(key) for key in ("dates", "deleted", "only", "aliases") if key in rest}
    return {
        "schema": "salescore/profile/1",
        "name": "p",
        "title": "t",
        **rest,
        "files": {"f.csv": {**file, "records": [{"record": record, "fields": fields}]}},
    }


def opportunity(**fields: object) -> Spec:
    """Return what an opportunity needs, and more."""
    return {"id": "id", "stage": {"constant": "S"}, "kind": {"constant": "open"}, **fields}


def only(found: Import) -> Finding:
    """Return the one finding."""
    (finding,) = found.findings
    return finding


# Headings ---------------------------------------------------------------------------------------

NAMES = opportunity(name={"column": ["商机名称", "商机", "Deal"]})


@pytest.mark.parametrize("heading", ["商机名称", "商机", "Deal"])
def test_a_column_under_each_of_its_headings(read: Read, heading: str) -> None:
    """Whichever of several headings a column bears, it is read, and faults name the one there."""
    found = read({"f.csv": f"id,{heading}\n1,A\n"}, profile(NAMES))
    assert [one.name for one in found.book.opportunities] == ["A"]
    assert found.findings == ()


def test_none_of_several_headings(read: Read) -> None:
    """A missing column is told with all its headings."""
    found = read({"f.csv": "id,Dael\n1,A\n"}, profile(NAMES))
    assert only(found).code == "missing-column"
    assert "nor '商机' or 'Deal'" in only(found).message


def test_several_headings_of_one_column(read: Read) -> None:
    """Where two are there the first of the profile counts, and it is told."""
    found = read({"f.csv": "id,Deal,商机\n1,B,A\n"}, profile(NAMES))
    assert [one.name for one in found.book.opportunities] == ["A"]
    finding = only(found)
    assert (finding.code, finding.place and finding.place.column) == ("several-headings", "商机")
    assert "'Deal'" in finding.message


def test_headings_are_exact_unless_folded(read: Read) -> None:
    """Capitals, wide letters and spaces part headings, unless the profile folds them."""
    text = {"f.csv": "ID,\uff24\uff25\uff21\uff2c\u3000\n1,A\n"}
    assert {one.code for one in read(text, profile(NAMES)).findings} == {"missing-column"}
    found = read(text, profile(NAMES, headings="folded"))
    assert [(one.id, one.name) for one in found.book.opportunities] == [("1", "A")]


def test_folded_headings_that_fall_together(read: Read) -> None:
    """Two headings that differ in capitals alone are one column twice."""
    found = read({"f.csv": "id,Deal,deal\n1,A,B\n"}, profile(NAMES, headings="folded"))
    assert only(found).code == "several-headings"
    assert [one.name for one in found.book.opportunities] == ["A"]


@given(st.text())
def test_folding_knows_no_spaces_around(text: str) -> None:
    """Spaces around a heading, wide ones too, change nothing."""
    assert folded(f"  {text}\u3000") == folded(text)


def test_filters_and_aliases_follow_their_column(read: Read) -> None:
    """A filter and an alias name the first heading and hold under each of them."""
    spec = profile(NAMES, only={"商机名称": ["B"]}, aliases={"商机名称": {"b": "B"}})
    found = read({"f.csv": "id,Deal\n1,A\n2,b\n"}, spec)
    assert [(one.id, one.name) for one in found.book.opportunities] == [("2", "B")]


# Numbers ----------------------------------------------------------------------------------------

MARKS = Numbers(
    scale=Scale.MARKED,
    suffixes=(("万", Decimal(10_000)), ("k", Decimal(1000))),
    signs=(("$", "USD"), ("元", "CNY")),
    parentheses=True,
)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("250k", "250000", None),
        ("1.5 k", "1500", None),
        ("25万元", "250000", "CNY"),
        ("£1,001", "1001", "GBP"),
        ("US$ 5", "5", "USD"),
        ("-€5", "-5", "EUR"),
        ("€-5", "-5", "EUR"),
        ("+5", "5", None),
        ("5 CHF", "5", "CHF"),
        ("CHF 5", "5", "CHF"),
        ("$5", "5", "USD"),
        ("($1,234.50)", "-1234.50", "USD"),
        ("(0)", "0", None),
        ("70%", "0.70", None),
        ("0.7", "0.7", None),
        ("\u00a05\u202f€", "5", "EUR"),
    ],
)
def test_marks_around_a_number(text: str, value: str, code: str | None) -> None:
    """Suffixes, currency signs before or behind, parentheses and percent signs are understood."""
    found = marked_number(text, MARKS, ".", ",")
    assert found == (Decimal(value), code)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("¥5", "one of several currencies"),
        ("5 XQZ", "says nothing of 'XQZ'"),
        ("about 5", "says nothing of 'about'"),
        ("5 apples", "says nothing of 'apples'"),
        ("£5 USD", "names two currencies"),
        ("£5%", "both money and percent"),
        ("(-5)", "no sign of its own"),
        ("many", "expected digits"),
        ("", "empty"),
        ("1,00", "expected digits"),
        ("1e40", "exponent"),
        ("9" * 200, "longer than"),
        ("£" * 200, "longer than"),
    ],
)
def test_marks_that_nobody_declared(text: str, fault: str) -> None:
    """What is not plainly a number, or might mean several things, is refused with the reason."""
    with pytest.raises(InvalidNumber, match=fault):
        marked_number(text, MARKS, ".", ",")


def test_marks_need_a_declaration() -> None:
    """Without signs, percent or parentheses in the profile each of them is a fault."""
    for text in ("£5", "5%", "(5)", "5k"):
        with pytest.raises(InvalidNumber):
            marked_number(text, Numbers(), ".", "")


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(["", "k", "万"]))
def test_a_suffix_multiplies(number: Decimal, suffix: str) -> None:
    """A marked number is its digits times its suffix, exactly, whatever its sign."""
    times = dict(MARKS.suffixes).get(suffix, Decimal(1))
    assert marked_number(f"{number}{suffix}", MARKS, ".", "")[0] == number * times


PERCENT = {"column": "p", "number": {"scale": "percent"}}


def test_a_percent_scale(read: Read) -> None:
    """70 and 70% are 0.7 on a percent scale; 1000 is out of range and told with its meaning."""
    spec = profile(opportunity(probability=PERCENT))
    found = read({"f.csv": "id,p\n1,70\n2,70%\n3,1000\n4,\n"}, spec)
    assert [one.probability for one in found.book.opportunities] == [
        Decimal("0.7"),
        Decimal("0.7"),
        None,
    ]
    assert only(found).code == "out-of-range"
    assert "'1000', which is 10, is not allowed" in only(found).message


def test_a_fraction_as_text(read: Read) -> None:
    """On the plain scale 0.7 is 0.7, and 70 is no probability."""
    found = read({"f.csv": "id,p\n1,0.7\n2,70\n"}, profile(opportunity(probability="p")))
    assert [str(one.probability) for one in found.book.opportunities] == ["0.7"]
    assert only(found).code == "out-of-range"


AMOUNT = {"column": "Amount", "number": {"group": ",", "suffixes": {"k": "1000"}, "signs": {}}}


def test_an_amount_states_the_currency_of_its_row(read: Read) -> None:
    """£ makes a row one of pounds; without a sign the profile's currency holds."""
    spec = profile(opportunity(amount=AMOUNT), currency="USD")
    found = read({"f.csv": 'id,Amount\n1,"£1,001"\n2,250k\n3,\n'}, spec)
    assert [one.amount for one in found.book.opportunities] == [
        Money(Decimal(1001), "GBP"),
        Money(Decimal(250_000), "USD"),
        None,
    ]
    assert found.findings == ()


def test_an_amount_without_any_currency(read: Read) -> None:
    """Where neither sign nor profile names a currency, the amount is refused."""
    found = read({"f.csv": "id,Amount\n1,5\n2,€5\n"}, profile(opportunity(amount=AMOUNT)))
    assert only(found).code == "missing-currency"
    assert [one.id for one in found.book.opportunities] == ["2"]


def test_an_amount_against_the_currency_of_its_row(read: Read) -> None:
    """A sign that contradicts the currency column is a fault; an empty column takes the sign."""
    spec = profile(opportunity(amount=AMOUNT, currency="cur"))
    found = read({"f.csv": "id,Amount,cur\n1,£5,GBP\n2,£5,EUR\n3,£5,\n4,5,EUR\n"}, spec)
    assert [(one.id, str(one.amount)) for one in found.book.opportunities] == [
        ("1", "GBP 5.00"),
        ("3", "GBP 5.00"),
        ("4", "EUR 5.00"),
    ]
    finding = only(found)
    assert finding.code == "conflicting-currency"
    assert "in GBP, its row in EUR" in finding.message
    assert (finding.place and finding.place.row, finding.place and finding.place.raw) == (3, "£5")


def test_a_faulty_amount_is_told_once(read: Read) -> None:
    """A sign that nobody declared is a fault of the number alone."""
    spec = profile(opportunity(amount=AMOUNT), currency="USD")
    found = read({"f.csv": "id,Amount\n1,$5\n"}, spec)
    assert only(found).code == "invalid-number"
    assert "say in the profile which" in only(found).message


def test_an_amount_column_that_is_not_there(read: Read) -> None:
    """An optional amount that the file lacks states no currency either."""
    spec = profile(opportunity(amount={**AMOUNT, "optional": True}), currency="USD")
    found = read({"f.csv": "id\n1\n"}, spec)
    assert [one.amount for one in found.book.opportunities] == [None]


# Truth ------------------------------------------------------------------------------------------


def test_truth_of_other_systems(read: Read) -> None:
    """A profile says which texts are true and false; any other is a fault."""
    fields = {"id": "id", "name": "id", "is_active": "a"}
    words = {"true": ["TRUE", "1", "是", "Y"], "false": ["FALSE", "0", "否", "N"]}
    spec = profile(fields, "products", booleans=words)
    texts = ["true", "TRUE", "1", "是", "Y", "false", "FALSE", "0", "否", "N", "", "yes"]
    rows = "".join(f"{place},{text}\n" for place, text in enumerate(texts))
    found = read({"f.csv": f"id,a\n{rows}"}, spec)
    assert [one.is_active for one in found.book.products] == [True] * 5 + [False] * 5 + [None]
    assert (only(found).code, only(found).place and only(found).place.raw) == (  # type: ignore[union-attr]
        "unknown-value",
        "yes",
    )


# Days and moments -------------------------------------------------------------------------------

TIMED = ["%Y-%m-%d", "%m/%d/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f"]


def test_days_with_an_idle_time(read: Read) -> None:
    """Without a zone a time behind a day says nothing, and the day is the one that stands there."""
    spec = profile(opportunity(closed_on="d"), dates=TIMED)
    texts = [
        "2018-12-19",
        "2018-12-19 00:00:00",
        "12/19/2018",
        "2018-12-19T23:59",
        "2018-12-19 1:02:03.5",
    ]
    rows = "".join(f"{place},{text}\n" for place, text in enumerate(texts))
    found = read({"f.csv": f"id,d\n{rows}"}, spec)
    assert [one.closed_on for one in found.book.opportunities] == [date(2018, 12, 19)] * 5
    assert found.findings == ()


def test_moments_fall_on_the_day_of_their_zone(read: Read) -> None:
    """An evening in UTC is the next day in Shanghai; a day alone stays."""
    spec = profile(
        opportunity(
            created_on={"column": "d", "zone": "UTC"},
            closed_on={"column": "d", "dates": TIMED},
            recorded_at="d",
        ),
        dates=TIMED,
        zone="UTC",
        day_zone="Asia/Shanghai",
    )
    found = read({"f.csv": "id,d\n1,2018-12-19 19:51:13\n2,2018-12-19T19:51:13Z\n"}, spec)
    first = found.book.opportunities[0]
    assert (first.created_on, first.closed_on) == (date(2018, 12, 20), date(2018, 12, 19))
    assert first.recorded_at == datetime(2018, 12, 19, 19, 51, 13, tzinfo=UTC)
    assert only(found).place is not None
    assert only(found).code == "invalid-date"  # a day as it stands knows no offset


def test_a_moment_in_the_zone_of_its_column(read: Read) -> None:
    """The zone of a column holds before that of the profile, and an offset before both."""
    spec = profile(
        opportunity(recorded_at={"column": "d", "zone": "Asia/Shanghai"}), zone="UTC", dates=TIMED
    )
    found = read(
        {"f.csv": "id,d\n1,2018-12-19 08:00:00\n2,2018-12-19T08:00:00+01:00\n3,2018-12-19 08:00\n"},
        spec,
    )
    assert [one.recorded_at and one.recorded_at.hour for one in found.book.opportunities] == [
        0,
        7,
        0,
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2017-03-26 02:30:00", "skip this time"),
        ("2017-10-29 02:30:00", "show this time twice"),
        ("2017-10-29 25:30:00", "hours go to 23"),
        ("2017-13-29 02:30:00", "no month 13"),
        ("yesterday", "expected the form"),
        ("2017-10-29", "or an offset"),
    ],
)
def test_moments_that_are_none(read: Read, text: str, fault: str) -> None:
    """Skipped and doubled times, and texts that state no moment, are faults of their cell."""
    spec = profile(opportunity(recorded_at="d"), zone="Europe/Berlin", dates=TIMED)
    finding = only(read({"f.csv": f"id,d\n1,{text}\n"}, spec))
    assert finding.code == "invalid-date"
    assert fault in finding.message


def test_a_moment_without_offset_needs_a_zone(read: Read) -> None:
    """Nobody guesses a zone."""
    spec = profile(opportunity(recorded_at="d"), dates=TIMED)
    assert "offset" in only(read({"f.csv": "id,d\n1,2018-12-19 08:00:00\n"}, spec)).message


def test_days_that_are_none(read: Read) -> None:
    """A text that follows no format is told with the last one."""
    spec = profile(opportunity(closed_on="d"), dates=["%Y-%m-%d %H:%M:%S"])
    found = read({"f.csv": "id,d\n1,19.12.2018\n2,2018-12-19\n"}, spec)
    assert "expected the form YYYY-MM-DD HH:MM:SS" in only(found).message
    assert [one.closed_on for one in found.book.opportunities] == [date(2018, 12, 19)]


# Composed values --------------------------------------------------------------------------------


def test_kinds_from_columns(read: Read) -> None:
    """Two flags together say what a stage stands for; a pair outside the list is a fault."""
    kind = {
        "join": ["closed", "won"],
        "with": "/",
        "map": {"true/true": "won", "true/false": "lost", "false/false": "open"},
    }
    closed = {"when": "closed", "in": ["true"], "then": "on"}
    spec = profile({"id": "id", "stage": {"constant": "S"}, "kind": kind, "closed_on": closed})
    found = read(
        {
            "f.csv": "id,closed,won,on\n1,true,true,2017-01-01\n2,true,false,2017-01-01\n"
            "3,false,false,2017-01-01\n4,false,true,2017-01-01\n"
        },
        spec,
    )
    assert [(one.kind.value, one.closed_on is not None) for one in found.book.opportunities] == [
        ("won", True),
        ("lost", True),
        ("open", False),
    ]
    assert (only(found).code, only(found).place and only(found).place.row) == ("unknown-value", 5)  # type: ignore[union-attr]


def test_a_condition_that_cannot_be_read_is_a_fault(read: Read) -> None:
    """A value that depends on an unreadable one is not left out in silence."""
    closed = {"when": {"column": "s", "map": {"won": "yes"}}, "in": ["yes"], "then": "on"}
    spec = profile(opportunity(closed_on=closed))
    found = read({"f.csv": "id,s,on\n1,won,2017-01-01\n2,gone,2017-01-01\n"}, spec)
    assert only(found).code == "unknown-value"
    assert [one.id for one in found.book.opportunities] == ["1"]


STAGES: Spec = {
    "schema": "salescore/profile/1",
    "name": "p",
    "title": "t",
    "files": {
        "stages.csv": {
            "only": {"active": ["yes"]},
            "deleted": {"gone": ["1"]},
            "aliases": {"label": {"Won!": "Won"}},
            "records": [],
        },
        "f.csv": {
            "records": [
                {
                    "record": "opportunities",
                    "fields": {
                        "id": "id",
                        "stage": "s",
                        "kind": {
                            "lookup": {
                                "file": "stages.csv",
                                "key": "stage",
                                "value": "label",
                                "by": "s",
                            },
                            "map": {"Won": "won", "Open": "open"},
                        },
                    },
                }
            ]
        },
    },
}


def test_lookups_see_the_rows_that_count(read: Read) -> None:
    """Rows that `only`, `skip` or `deleted` leave out in the other file are not found there."""
    found = read(
        {
            "stages.csv": "stage,label,active,gone\na,Open,no,\na,Won!,yes,\nb,Open,yes,1\nshort\n",
            "f.csv": "id,s\n1,a\n2,b\n",
        },
        STAGES,
    )
    assert [one.kind.value for one in found.book.opportunities] == ["won"]
    told = [one for one in found.findings if one.place and one.place.file == "f.csv"]
    assert [(one.code, one.place and one.place.raw) for one in told] == [("unknown-value", "b")]


def test_lookups_under_another_heading(read: Read) -> None:
    """Key and value of a look-up may stand under any heading that the other file's column bears."""
    spec = json.loads(json.dumps(STAGES))
    spec["files"]["stages.csv"] = {
        "records": [
            {
                "record": "teams",
                "fields": {
                    "id": {"column": ["stage", "阶段"]},
                    "name": {"column": ["label", "名称"]},
                },
            }
        ]
    }
    found = read({"stages.csv": "阶段,名称\na,Open\n", "f.csv": "id,s\n1,a\n"}, spec)
    assert [one.kind.value for one in found.book.opportunities] == ["open"]


def test_stages_say_the_kind_of_a_visit(read: Read) -> None:
    """The stages of a profile set the kind of stage visits too."""
    fields = {"id": "id", "stage": "s", "entered_on": {"constant": "2017-01-01"}}
    spec = profile(fields, "stage_visits", stages={"Done": {"kind": "won", "probability": "1"}})
    found = read({"f.csv": "id,s\n1,Done\n2,Odd\n"}, spec)
    assert [one.kind and one.kind.value for one in found.book.stage_visits] == ["won"]
    assert only(found).code == "unknown-value"
