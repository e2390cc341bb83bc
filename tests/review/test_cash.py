"""The whole way from lead to payment stands in the review, in both languages."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from tests.review.cash_book import ANN, BOOK

from salescore.book import Facts, SalesBook
from salescore.errors import UnknownName
from salescore.render import Language
from salescore.review import review_book, review_data, review_text, trace, trace_data, trace_text
from salescore.values import Calendar, Money

QUARTER = Calendar().parse("2024-Q1")
REVIEW = review_book(BOOK, during=QUARTER, as_of=date(2024, 3, 31))


def section(text: str, title: str) -> list[str]:
    """Return the lines of a section without its title and rule."""
    lines = text.split("\n")
    start = next(place for place, line in enumerate(lines) if line.startswith(title))
    return [" ".join(line.split()) for line in lines[start + 2 : lines.index("", start)]]


def test_every_step_is_told() -> None:
    """Receipts by date, the late delivery, the target, leads and stages, worked out by hand."""
    text = review_text(REVIEW)
    assert section(text, "COLLECTIONS") == [
        "Invoiced amount 110.00 0.00 – 0.00 –",
        "Collections 58.00 0.00 – 0.00 –",
        "Collection ratio of the period 52.7 % – – – –",
    ]
    assert section(text, "DELIVERY")[0].startswith("On-time delivery rate 0.0 %")
    assert section(text, "TARGETS") == [
        "Ann, first quarter sales rep ann Revenue 2024-Q1 200.00 100.00 50.0 % Needs analysis"
    ]
    assert section(text, "LEADS")[:2] == [
        "Leads created 2 0 – 0 –",
        "Conversion rate 50.0 % – – – –",
    ]
    assert "Talks 1 100.0 % 0.0 % 100.0 % 23.0" in section(text, "STAGE CONVERSION")


def test_the_page_in_chinese() -> None:
    """Every label of the page is Chinese; what the business calls its own stays as it is."""
    text = review_text(REVIEW, Language.ZH)
    assert text.startswith("销售回顾 2024-Q1\n2024-01-01 至 2024-03-31 · 日历 gregorian · USD")
    assert section(text, "回款")[1].startswith("回款 58.00")
    assert section(text, "目标") == [
        "Ann, first quarter 销售人员 ann 销售额 2024-Q1 200.00 100.00 50.0 % 需分析"
    ]
    assert "完成率" in text
    for word in re.findall("[A-Z][A-Za-z]+", text.partition("发现")[0]):
        assert word in {"Ann", "Acme", "Talks", "Won", "USD", "ABC", "Q"}, word


def test_the_json() -> None:
    """Attainment and trends stand under keys of their own; labels follow the language."""
    data: Any = review_data(REVIEW, Language.ZH)
    assert json.loads(json.dumps(data)) == data
    assert (data["revenue_basis"], data["rate_policy"]) == ("booked", "event_date")
    (one,) = data["attainment"]
    assert {key: one[key] for key in ("target", "actual", "value", "gap", "band", "scope")} == {
        "target": "200",
        "actual": "100",
        "value": "0.5",
        "gap": "100",
        "band": "needs_analysis",
        "scope": {"rep": "ann"},
    }
    assert data["figures"]["revenue"]["label"] == "销售额"
    assert data["figures"]["conversion_rate"]["interval"]["level"] == "0.95"
    points = next(one for one in data["trends"] if one["figure"] == "collections")["points"]
    assert [(point["period"], point["value"]) for point in points][-2:] == [
        ("2024-02", "22.00"),
        ("2024-03", "36.00"),
    ]


def test_a_figure_is_traced_to_its_rows_and_rates() -> None:
    """Each payment says at which rate it counts, and the rows sum to the figure."""
    found = trace("collections", Facts.of(BOOK), during=QUARTER)
    assert found.figure is not None
    assert found.figure.value == Decimal("58.00")
    data: Any = trace_data(found)
    assert json.loads(json.dumps(data)) == data
    assert [(row["id"], row["value"], row["rate"]) for row in data["rows"]] == [
        ("p2", "22.00", "1.10"),
        ("p3", "36.00", "1.20"),
    ]
    text = trace_text(found)
    assert text.startswith("Collections · 2024-Q1: 58.00 USD\n")
    assert "EUR/USD spot of 2024-03-01" in text


def test_one_slice_is_traced() -> None:
    """A slice has its own value; one without any row says so, and a ratio shows both sides."""
    facts = Facts.of(BOOK)
    found = trace("revenue", facts, where={"rep": ANN})
    assert trace_text(found).startswith("Revenue · rep = ann: 100.00 USD\n")
    assert found.notes == ()
    nobody: Any = trace_data(trace("revenue", facts, where={"rep": None}))
    assert (nobody["value"], nobody["n"], nobody["reason"], nobody["rows"]) == (
        None,
        0,
        "no rows",
        [],
    )
    assert trace_text(trace("revenue", facts, where={"rep": None})).startswith(
        "Revenue · rep = –: none\n  every row has a rep\n"
    )
    ratio = trace_text(trace("conversion_rate", facts), Language.ZH)
    assert ratio.startswith("转化率: 50.0 % = 1 ÷ 2\n")
    undefined = trace_text(trace("gross_margin", facts))
    assert undefined.startswith("Gross margin: – (")


@pytest.mark.parametrize(
    ("where", "note"),
    [
        ({"rep": "An"}, "no rep 'An'; did you mean 'ann'?"),
        ({"rep": "zzz"}, "no rep 'zzz'; known are 'ann'"),
        ({"customer": "ACME"}, "no customer 'ACME'; did you mean 'acme'?"),
        ({"channel": "shop"}, "no channel 'shop'; no row has a channel"),
        ({"channel": None, "rep": "An"}, "no rep 'An'; did you mean 'ann'?"),
    ],
)
def test_a_key_that_no_row_has(where: dict[str, str | None], note: str) -> None:
    """A slice without rows names the key that it should perhaps have been, in text and data."""
    found = trace("revenue", Facts.of(BOOK), where=where)
    assert found.notes == (note,)
    assert trace_text(found).endswith(f": none\n  {note}\n")
    assert trace_data(found)["notes"] == [note]


def test_a_name_in_place_of_a_key() -> None:
    """Who writes the name of a rep is told the key that rows know the rep by."""
    rep = attrs.evolve(BOOK.sales_reps[0], name="Xu Wei")
    facts = Facts.of(attrs.evolve(BOOK, sales_reps=(rep,)))
    (note,) = trace("revenue", facts, where={"rep": "xu wei"}).notes
    assert note == "no rep 'xu wei'; did you mean 'ann'?"


def test_keys_that_no_row_has_together() -> None:
    """Two keys that exist, but on different rows, are told so."""
    second = attrs.evolve(BOOK.orders[0], id="o2", channel="shop", customer_id=None, rep_id="bo")
    line = attrs.evolve(BOOK.order_lines[0], id="l2", order_id="o2")
    facts = Facts.of(
        attrs.evolve(BOOK, orders=(*BOOK.orders, second), order_lines=(*BOOK.order_lines, line))
    )
    found = trace("revenue", facts, where={"rep": "ann", "channel": "shop"})
    assert found.notes == ("each of these keys is known, but no row has all of them",)
    assert trace("revenue", Facts.of(SalesBook()), where={"channel": None}).notes == (
        "no row has a channel",
    )


def test_rows_are_shown_as_the_review_shows_them() -> None:
    """Money has thousands and the digits of its currency; the data keep every digit."""
    line = attrs.evolve(
        BOOK.order_lines[0],
        net_amount=Money.of("1234567.8951", "USD"),
        cost=Money.of(1, "USD"),
        quantity=Decimal("2000.5"),
    )
    facts = Facts.of(attrs.evolve(BOOK, order_lines=(line,)))
    revenue = trace("revenue", facts)
    assert trace_text(revenue).startswith("Revenue: 1,234,567.90 USD\n")
    assert " 1,234,567.90\n" in trace_text(revenue)
    data: Any = trace_data(revenue)
    assert (data["value"], data["rows"][0]["value"]) == ("1234567.8951", "1234567.8951")
    assert trace_text(trace("gross_margin", facts)).startswith(
        "Gross margin: 100.0 % = 1,234,566.90 ÷ 1,234,567.90\n"
    )
    assert trace_text(trace("average_order_value", facts)).startswith(
        "Average order value: 1,234,567.90 USD per order = 1,234,567.90 ÷ 1\n"
    )
    assert " 2,000.5\n" in trace_text(trace("volume", facts))
    assert trace_text(trace("orders", facts)).startswith("Orders: 1 orders\n")
    won = trace_text(trace("average_won_amount", facts))
    assert won.startswith("Average won amount: 100.00 USD per opportunity = 100.00 ÷ 1\n")


def test_the_headings_of_rows_in_chinese() -> None:
    """Every heading of the rows is Chinese, and so is the side on which a row stands."""
    lines = trace_text(trace("conversion_rate", Facts.of(BOOK)), Language.ZH).split("\n")
    assert lines[2].split() == ["明细", "编号", "度量", "分子/分母", "数值", "汇率", "原因"]
    assert {line.split()[3] for line in lines[4:] if line} == {"分子", "分母"}


def test_a_trace_refuses_what_there_is_not() -> None:
    """A misspelt figure or dimension is refused with the nearest."""
    facts = Facts.of(BOOK)
    with pytest.raises(UnknownName, match="did you mean 'revenue'"):
        trace("revenu", facts)
    with pytest.raises(UnknownName, match="did you mean 'rep'"):
        trace("revenue", facts, where={"repp": "ann"})
