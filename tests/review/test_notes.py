"""What stands in the notes of a review, and the marks that send a reader there."""

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from tests.review.cash_book import BOOK as CASH_BOOK
from tests.review.small_review import BOOK, usd

from salescore.book import SalesBook
from salescore.entities import Case, CaseId, Lead, LeadId, Target, TargetId
from salescore.exchange import FileReport, RecordReport
from salescore.metrics import Exclusion
from salescore.plain import CustomFields, Kind, custom_field
from salescore.render import Language, text_width
from salescore.review import Review, review_book, review_data, review_text
from salescore.values import Calendar, Money

LEGEND = "  * leaves rows out, as told below."


def page(review: Review, language: Language = Language.EN) -> list[str]:
    """Return the lines of a page, spaces squeezed but for the first."""
    return review_text(review, language).split("\n")


def row(review: Review, label: str) -> list[str]:
    """Return the cells of the first row with a label."""
    line = next(one for one in page(review) if one.startswith(f"{label}  "))
    return line.removeprefix(label).split()


# Dimensions asked for ---------------------------------------------------------------------------


def test_a_dimension_that_no_figure_has_is_noted() -> None:
    """Without leads nothing can be sliced by their status; the note says whose it is."""
    for by in ("lead_status", ["lead_status", "rep", "lead_status"]):
        review = review_book(BOOK, by=by)
        told = [note for note in review.notes if "lead_status" in note]
        assert told == ["No figure here has the dimension 'lead_status': it is one of leads."]
        assert f"  {told[0]}" in page(review)
        assert told[0] in review_data(review)["notes"]  # type: ignore[operator]


def test_a_dimension_of_many_facts_names_some() -> None:
    """Of many fact tables five are named; a unit of the calendar is a column of none."""
    review = review_book(SalesBook(), during=Calendar().parse("2024"), by=["region", "month"])
    of_region, of_month = review.notes
    assert of_region.startswith("No figure here has the dimension 'region': it is one of ")
    assert of_region.count(",") == 4
    assert of_region.endswith(" and others.")
    assert of_month == "No figure here has the dimension 'month'."


def test_a_dimension_without_any_value_is_noted() -> None:
    """Orders without a channel cannot be told apart by it, and the page says so."""
    review = review_book(BOOK, by=["channel"])
    assert "channel: no row of 2024 has a value." in review.notes


def test_a_dimension_by_which_nothing_is_defined_is_noted() -> None:
    """A method of payment without any priced amount is not left out in silence."""
    unpriced = attrs.evolve(CASH_BOOK.payments[0], amount=Money.of(5, "JPY"), method="cash")
    book = SalesBook(payments=[unpriced])
    review = review_book(book, by=["payment_method"], currency="USD")
    assert "payment_method: no figure by it is defined in 2024." in review.notes


def test_default_dimensions_are_never_noted() -> None:
    """What nobody asked for and the facts do not have is left out in silence."""
    review = review_book(attrs.evolve(BOOK, products=()))
    assert not any("dimension" in note or "has a value" in note for note in review.notes)


def test_a_dimension_of_neither_sales_nor_funnel_has_a_table() -> None:
    """Leads by status stand in a table of their own figures."""
    leads = [
        Lead(
            id=LeadId(f"l{number}"),
            name=f"Lead {number}",
            created_on=date(2024, 1, number),
            status="new" if number < 3 else "working",
        )
        for number in (1, 2, 3)
    ]
    review = review_book(attrs.evolve(BOOK, leads=leads), by=["lead_status"])
    lines = page(review)
    start = next(place for place, line in enumerate(lines) if line.startswith("LEAD STATUS"))
    assert lines[start].split("  ")[1].strip() == "leads created"
    assert [line.split()[:2] for line in lines[start + 2 : start + 4]] == [
        ["new", "2"],
        ["working", "1"],
    ]
    assert not any("lead_status" in note for note in review.notes)


def test_many_parts_of_a_rate_have_no_sum() -> None:
    """Below a long list of rates stands how many more there are, and no sum of rates."""
    cases = [
        Case(
            id=CaseId(f"c{number}"),
            opened_on=date(2024, 1, 1),
            responded_on=date(2024, 1, 2),
            category=f"kind {number:02}",
        )
        for number in range(13)
    ]
    lines = page(review_book(SalesBook(cases=cases), by=["case_category"]))
    start = next(place for place, line in enumerate(lines) if line.startswith("CASE CATEGORY"))
    assert lines[start + 2 + 11].split() == ["…", "2", "more"]


@pytest.mark.parametrize(
    ("language", "title"), [(Language.EN, "COLOUR CODE"), (Language.ZH, "颜色")]
)
def test_a_registered_dimension_has_its_label(language: Language, title: str) -> None:
    """A field of your own heads its table under the label that was registered."""
    field = custom_field("colour", Kind.TEXT, "Colour code", "颜色")
    orders = [attrs.evolve(one, custom=(("colour", "red"),)) for one in BOOK.orders]
    fields = CustomFields.of({"orders": [field]})
    book = attrs.evolve(BOOK, orders=orders, custom_fields=fields)
    review = review_book(book, by=["colour"])
    assert [one.name for one in review.dimensions] == ["colour"]
    assert any(line.startswith(f"{title}  ") for line in page(review, language))


# Rows left out ----------------------------------------------------------------------------------


def test_a_number_that_leaves_rows_out_is_marked() -> None:
    """The profit without the line of unknown cost carries a mark, the revenue does not."""
    review = review_book(BOOK)
    assert row(review, "Gross profit")[:2] == ["65.00*", "12.00"]
    assert row(review, "Gross margin")[:3] == ["50.0", "%*", "60.0"]
    assert row(review, "Revenue")[0] == "200.00"
    assert LEGEND in page(review)
    assert "  * 未计入部分行，见下。" in page(review, Language.ZH)


def test_digits_stand_below_each_other() -> None:
    """A mark stands behind the column of digits, which stay aligned."""
    lines = page(review_book(BOOK))
    revenue, profit = (
        next(line for line in lines if line.startswith(name)) for name in ("Revenue", "Gross prof")
    )
    assert revenue.index("200.00") == profit.index(" 65.00*")


def test_without_rows_left_out_there_is_no_mark() -> None:
    """Where every figure counts every row, nothing is marked and nothing explained."""
    text = review_text(review_book(BOOK, during=Calendar().parse("2024-Q1")))
    assert "*" not in text


def test_what_earlier_periods_leave_out_is_marked_and_told() -> None:
    """A change is as incomplete as what it starts from, so this has its mark and its note too."""
    costless = attrs.evolve(BOOK.order_lines[1], cost=None)
    book = attrs.evolve(BOOK, order_lines=(BOOK.order_lines[0], costless, *BOOK.order_lines[2:]))
    second = review_book(book, during=Calendar().parse("2024-Q2"))
    assert "40.00*" not in row(second, "Gross profit")[0]
    assert row(second, "Gross profit")[1] == "15.00*"
    revenue, profit = (
        next(line for line in page(second) if line.startswith(name))
        for name in ("Revenue", "Gross profit")
    )
    assert revenue.index("130.00") == profit.index(" 15.00*")
    note = "Left out of gross profit, gross margin, sales profit, sales margin in 2024-Q1: "
    assert [one for one in second.notes if one.startswith(note)] == [
        f"{note}1 sales line, cost unknown."
    ]
    assert LEGEND in page(second)
    year_later = review_book(book, during=Calendar().parse("2025-Q1"), as_of=date(2025, 3, 31))
    assert f"{note}1 sales line, cost unknown." in year_later.notes


def test_what_a_year_ago_leaves_out_is_told_once() -> None:
    """For a year the period before is the year ago: one note, not two."""
    costless = attrs.evolve(BOOK.order_lines[0], cost=None)
    line = attrs.evolve(costless, id="l0", cost=usd(1))
    book = attrs.evolve(BOOK, order_lines=(costless, line, *BOOK.order_lines[1:]))
    notes = [one for one in review_book(book).notes if " in 2023: " in one]
    assert notes == [
        (
            "Left out of gross profit, gross margin, sales profit, sales margin in 2023: "
            "1 sales line, cost unknown."
        )
    ]


# Targets ----------------------------------------------------------------------------------------


def target(number: int, **fields: Any) -> Target:  # noqa: ANN401
    """Return a target of the gross profit of 2024."""
    given: dict[str, Any] = {
        "figure": "gross_profit",
        "starts_on": date(2024, 1, 1),
        "ends_on": date(2024, 12, 31),
        "amount": usd(100),
        **fields,
    }
    return Target(id=TargetId(f"t{number}"), name=f"Target {number}", **given)


def line_of(review: Review, name: str) -> str:
    """Return a row of the page on one line."""
    return next(" ".join(one.split()) for one in page(review) if one.startswith(name))


def test_a_target_shows_what_it_covers() -> None:
    """Scope and period stand beside the target; one that covers everything has a dash."""
    whole = target(1)
    north = target(2, region="North", product_family="Drinks", ends_on=date(2024, 3, 31))
    review = review_book(attrs.evolve(BOOK, targets=[whole, north]))
    assert line_of(review, "TARGETS") == (
        "TARGETS covers figure period target actual attainment band"
    )
    assert line_of(review, "Target 1").startswith("Target 1 – Gross profit 2024 100.00")
    assert line_of(review, "Target 2").startswith(
        "Target 2 region North, produ… Gross profit 2024-01-01..2024-03-31 100.00 50.00 50.0 %"
    )
    alone = review_book(attrs.evolve(BOOK, targets=[whole]))
    assert line_of(alone, "TARGETS") == "TARGETS figure period target actual attainment band"
    assert line_of(alone, "Target 1").startswith("Target 1 Gross profit 2024 100.00")


def test_a_target_whose_days_are_no_period_or_whose_figure_is_unknown() -> None:
    """What cannot be asked for shows dashes and widens nothing."""
    strange = target(1, figure="happiness", amount=None, value=Decimal(5))
    review = review_book(attrs.evolve(BOOK, targets=[strange]))
    assert line_of(review, "Target 1") == "Target 1 happiness – – – – –"


def test_an_actual_that_leaves_rows_out_is_marked_and_told() -> None:
    """An attainment of what is known in part has its mark, note and JSON, with a scope or none."""
    south = target(3, region="South")
    book = attrs.evolve(BOOK, targets=[target(1), target(2, region="North"), south])
    review = review_book(book)
    assert line_of(review, "Target 1") == (
        "Target 1 – Gross profit 2024 100.00 65.00* 65.0 % Needs analysis"
    )
    assert "65.00 " in line_of(review, "Target 2")
    told = [one for one in review.notes if "what was reached" in one]
    assert told == ["Left out of what was reached of 'Target 1': 1 sales line, cost unknown."]
    data: Any = review_data(review)
    left_out = [{"table": "sales_lines", "reason": "cost unknown", "n": 1}]
    assert [one["excluded"] for one in data["attainment"]] == [left_out, [], left_out]


def test_only_a_target_is_marked() -> None:
    """The mark is explained also where a target alone has one."""
    book = attrs.evolve(BOOK, targets=[target(1)])
    review = review_book(book)
    (one,) = review.attainments
    bare = attrs.evolve(
        review,
        comparisons=tuple(
            attrs.evolve(each, figure=attrs.evolve(each.figure, excluded=()))
            for each in review.comparisons
        ),
    )
    assert one.excluded == (Exclusion("sales_lines", "cost unknown", 1),)
    assert LEGEND in page(bare)
    assert LEGEND not in page(attrs.evolve(bare, attainments=(attrs.evolve(one, excluded=()),)))


def test_many_targets_share_a_note() -> None:
    """Of more than five targets that leave the same out five are named."""
    review = review_book(attrs.evolve(BOOK, targets=[target(number) for number in range(6)]))
    (note,) = [one for one in review.notes if "what was reached" in one]
    assert note == (
        "Left out of what was reached of 'Target 0', 'Target 1', 'Target 2', 'Target 3', "
        "'Target 4' and others: 1 sales line, cost unknown."
    )


@pytest.mark.parametrize(("count", "shown"), [(12, 12), (13, 11)])
def test_long_lists_of_targets_are_cut(count: int, shown: int) -> None:
    """Of more than twelve targets eleven are shown, and the last line counts the others."""
    targets = [target(number, region="North") for number in range(count)]
    lines = page(review_book(attrs.evolve(BOOK, targets=targets)))
    start = next(place for place, line in enumerate(lines) if line.startswith("TARGETS"))
    table = lines[start + 2 : lines.index("", start)]
    assert sum(line.startswith("Target ") for line in table) == shown
    assert ("… 2 more" in table) == (count > shown)


def test_long_scopes_keep_to_their_column() -> None:
    """A name and a scope of 100 letters are cut."""
    long = attrs.evolve(target(1, region="x" * 100), name="y" * 100)
    lines = page(review_book(attrs.evolve(BOOK, targets=[long])))
    start = next(place for place, line in enumerate(lines) if line.startswith("TARGETS"))
    assert text_width(lines[start + 2]) <= 110


# Reading ----------------------------------------------------------------------------------------


def record(name: str, read: int, refused: int) -> RecordReport:
    """Return what became of some rows."""
    return RecordReport(
        record=name, read=read, accepted=read - refused, refused=refused, merged=0, filtered=0
    )


def test_what_reading_refused_is_noted_by_file() -> None:
    """Each file of which rows, or which as a whole, were refused has one note."""
    files = (
        FileReport(file="order_lines.csv", rows=6, records=(record("order_lines", 6, 3),)),
        FileReport(file="orders.csv", is_refused=True),
        FileReport(file="teams.csv", rows=1, records=(record("teams", 1, 1),)),
        FileReport(file="products.csv", rows=9, records=(record("products", 9, 0),)),
        FileReport(
            file="all.csv",
            rows=2417,
            records=(
                record("orders", 2417, 5),
                record("products", 2417, 0),
                record("order_lines", 2417, 1200),
            ),
        ),
    )
    review = review_book(BOOK, during=Calendar().parse("2024-Q1"), files=files)
    assert [note for note in review.notes if "efused" in note] == [
        "3 of 6 rows of order_lines.csv were refused; see the findings.",
        "orders.csv was refused as a whole; see the findings.",
        "1 of 1 row of teams.csv was refused; see the findings.",
        (
            "Refused of the 2,417 rows of all.csv: 5 as orders, 1,200 as order lines; "
            "see the findings."
        ),
    ]


# Period and head --------------------------------------------------------------------------------


def test_a_period_behind_the_last_day() -> None:
    """Of a period that begins after the last day known nothing is known, and the note says so."""
    review = review_book(BOOK, during=Calendar().parse("2024-Q3"))
    assert (
        "2024-Q3 begins on 2024-07-01, after the last day known (2024-06-30): "
        "nothing of it is known."
    ) in review.notes
    assert not any("ends on" in note for note in review.notes)
    second = review_book(BOOK, during=Calendar().parse("2024-06-30..2024-07-01"))
    assert any(note.startswith("2024-06-30..2024-07-01 ends on") for note in second.notes)


def test_without_money_the_head_has_no_currency() -> None:
    """A book without any amount has no currency to name."""
    review = review_book(SalesBook(), during=Calendar().parse("2024"))
    assert page(review)[1] == "2024-01-01 to 2024-12-31 · gregorian calendar"
