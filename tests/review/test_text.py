"""The page of text: what a sales manager reads, at the width of a terminal."""

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from tests.metrics.small_books import RATES, book_of, crowded_books, facts_of, opportunity, sale
from tests.review.small_review import BOOK

from salescore.book import Facts, SalesBook
from salescore.entities import (
    Customer,
    CustomerId,
    OpportunityId,
    SalesRep,
    SalesRepId,
    StageKind,
    StageVisit,
    StageVisitId,
)
from salescore.metrics import slices
from salescore.render import text_width
from salescore.review import review_book, review_facts, review_text
from salescore.values import Calendar, Finding, Money, Period, Place, Severity

GOLDEN = """\
SALES REVIEW 2024-Q1
2024-01-01 to 2024-03-31 · gregorian calendar · USD · known as of 2024-06-30

QUANTITIES            2024-Q1  2023-Q4  change  2023-Q1    change
─────────────────────────────────────────────────────────────────
Revenue                130.00     0.00       –    20.00  +550.0 %
Gross revenue          140.00     0.00       –    20.00  +600.0 %
Volume                     15        0       –        2  +650.0 %
Gross profit            65.00     0.00       –    12.00  +441.7 %
Gross margin           50.0 %        –       –   60.0 %  -10.0 pp
Selling expenses        30.00     0.00       –     5.00  +500.0 %
Sales profit            35.00     0.00       –     7.00  +400.0 %
Sales margin           26.9 %        –       –   35.0 %   -8.1 pp
Orders                      1        0       –        1     0.0 %
Customers                   1        0       –        1     0.0 %
New customers               0        0       –        1  -100.0 %
Average order value    130.00        –       –    20.00  +550.0 %
Revenue per customer   130.00        –       –    20.00  +550.0 %

FUNNEL                        2024-Q1  2023-Q4  change  2023-Q1    change
─────────────────────────────────────────────────────────────────────────
Won amount                     130.00     0.00       –    20.00  +550.0 %
Won                                 1        0       –        1     0.0 %
Lost                                1        0       –        0         –
Win rate                       50.0 %        –       –  100.0 %  -50.0 pp
Win rate, broad                50.0 %        –       –  100.0 %  -50.0 pp
Win rate by value              56.5 %        –       –  100.0 %  -43.5 pp
Average won amount             130.00        –       –    20.00  +550.0 %
Median won amount              130.00        –       –    20.00  +550.0 %
Sales cycle, mean                30.0        –       –     10.0  +200.0 %
Sales cycle, median              30.0        –       –     10.0  +200.0 %
Sales cycle, 90th percentile     30.0        –       –     10.0  +200.0 %
Open opportunities                  1        0       –        0         –
Open pipeline                   50.00     0.00       –     0.00         –
Weighted pipeline                   –     0.00       –     0.00         –

LOSSES   reason  opportunities    share  amount  of amount
──────────────────────────────────────────────────────────
unknown  price               1  100.0 %  100.00    100.0 %

SALES VELOCITY  open on 2024-03-31  win rate  average won  days to win  a day
─────────────────────────────────────────────────────────────────────────────
USD                              1    50.0 %       130.00         30.0   2.17

STALE ON 2024-03-31
  none, of 1 open

WIN RATES OF REPS
  too few closed to tell: 2

SALES REPS  revenue  gross profit  gross margin  orders  customers
──────────────────────────────────────────────────────────────────
Ann          130.00         65.00        50.0 %       1          1

SALES REPS  won amount  won  win rate  sales cycle, mean  open opportunities
────────────────────────────────────────────────────────────────────────────
Ann             130.00    1   100.0 %               30.0                   0
Bo                0.00    0     0.0 %                  –                   1

CUSTOMERS BY ABC  customers  revenue    share
─────────────────────────────────────────────
Class A                   1   130.00  100.0 %
Class B                   0     0.00    0.0 %
Class C                   0     0.00    0.0 %

LARGEST CUSTOMERS  revenue    share  class
──────────────────────────────────────────
Acme                130.00  100.0 %      A

FINDINGS
  none

NOTES
  Weighted pipeline: undefined, probability unknown in 1 opportunity.
  Conversion from stage to stage; Bottleneck; What is due: undefined, no funnel was given.
  Days in stage: undefined, no stage visits are on record.
  Pushed close dates: undefined, changes of the close date unknown.
  Stale opportunities: no limit of the age: 2 won, 5 are needed.
  Stale opportunities: no limit of the time in a stage: no stay of a won opportunity is on record.
  No as-of day was given; 2024-06-30 is the last date among the facts.
"""
WIDEST = 110


def lines_of(book: SalesBook, **options: Any) -> list[str]:  # noqa: ANN401
    """Return the lines of a review."""
    return review_text(review_book(book, **options)).split("\n")


def section(lines: list[str], title: str) -> list[str]:
    """Return the lines of a section from its title to the next blank line."""
    start = next(place for place, line in enumerate(lines) if line.startswith(title))
    return lines[start : lines.index("", start)]


def test_the_whole_page() -> None:
    """The page of the small book, by rep, reads as it stands here."""
    during = Calendar().parse("2024-Q1")
    assert review_text(review_book(BOOK, by=["rep"], during=during)) == GOLDEN


def test_the_year_before_is_told_once() -> None:
    """For a year the previous period is a year ago: one column, not two."""
    head = section(lines_of(BOOK), "QUANTITIES")[0]
    assert head.split() == ["QUANTITIES", "2024", "2023", "change"]


def test_a_range_of_days_is_named_in_the_head() -> None:
    """Ranges of days are too wide for columns: the head names them, the columns say which."""
    found = lines_of(BOOK, during=Period.custom(date(2024, 2, 1), date(2024, 2, 29)))
    assert found[0] == "SALES REVIEW 2024-02-01..2024-02-29"
    assert found[2] == "before: 2024-01-03..2024-01-31 · year ago: 2023-02-01..2023-02-28"
    head = section(found, "QUANTITIES")[0]
    assert head.split() == ["QUANTITIES", "period", "before", "change", "year", "ago", "change"]


def test_week_53_has_no_year_ago() -> None:
    """Where no such week was a year ago, there is no such column."""
    head = section(lines_of(BOOK, during=Calendar().parse("2020-W53")), "QUANTITIES")[0]
    assert head.split() == ["QUANTITIES", "2020-W53", "2020-W52", "change"]


def test_who_won_nothing_is_listed_too() -> None:
    """A rep who only lost, or only has open business, stands in the table of the reps' funnel."""
    found = lines_of(BOOK, by=["rep"])
    start = [n for n, line in enumerate(found) if line.startswith("SALES REPS")][1]
    assert found[start + 3].split() == ["Bo", "0.00", "0", "0.0", "%", "–", "1"]


def test_long_lists_are_cut_and_the_rest_summed() -> None:
    """Of more than twelve rows eleven are shown, and the last line sums the others."""
    sales = [sale(n, "2024-01-01", str(100 - n), product=f"a{n:02}") for n in range(13)]
    table = section(lines_of(book_of(sales)), "PRODUCTS")
    assert len(table) == 2 + 12
    assert table[-1].split() == ["…", "2", "more", "177.00"]
    twelve = section(lines_of(book_of(sales[:12])), "PRODUCTS")
    assert len(twelve) == 2 + 12
    assert twelve[-1].split()[0] == "a11"


def test_long_lists_of_who_won_nothing() -> None:
    """Where those cut off have no row in the first column, there is nothing to sum."""
    lost = [
        opportunity(n, "lost", closed_on="2024-01-01", rep_id=f"r{n:02}", amount=1)
        for n in range(13)
    ]
    table = section(lines_of(SalesBook(opportunities=lost)), "SALES REPS")
    assert table[-1].split() == ["…", "2", "more"]


def test_months_are_never_cut() -> None:
    """Months stand in their own order, all of them."""
    sales = [sale(n, f"202{n // 12}-{n % 12 + 1:02}-01", str(n + 1)) for n in range(18)]
    during = Period.custom(date(2020, 1, 1), date(2021, 12, 31))
    table = section(lines_of(book_of(sales), during=during), "MONTHS")
    assert [line.split()[0] for line in table[2:]][:2] == ["2020-01", "2020-02"]
    assert len(table) == 2 + 18


def test_dimensions_beside_the_usual() -> None:
    """A dimension asked for without a section of its own gets one named after it."""
    book = attrs.evolve(
        BOOK, orders=tuple(attrs.evolve(one, channel="shop") for one in BOOK.orders)
    )
    table = section(lines_of(book, by=["channel"]), "CHANNEL")
    assert table[2].split()[0] == "shop"
    assert "CHANNEL" not in review_text(review_book(BOOK, by=["channel"]))


def test_a_book_without_orders() -> None:
    """A funnel alone says that there are no sales lines, and ranks customers by won amount."""
    found = lines_of(SalesBook(opportunities=BOOK.opportunities, sales_reps=BOOK.sales_reps))
    assert section(found, "QUANTITIES") == ["QUANTITIES", "  none: no sales lines among the facts"]
    assert "won amount" in section(found, "CUSTOMERS BY ABC")[0]


def test_a_ranking_that_cannot_be() -> None:
    """Where revenue is not above 0 the page says why there are no shares."""
    found = lines_of(book_of([sale(1, "2024-01-01", "-5", customer="c")]))
    assert section(found, "CUSTOMERS BY ABC")[1] == (
        "  none: the total is -5; shares need a total above 0"
    )


def test_an_empty_book() -> None:
    """A page without any facts has its head and says that there is nothing."""
    found = lines_of(SalesBook(), during=Calendar().parse("2024"))
    assert found[0] == "SALES REVIEW 2024"
    assert section(found, "FINDINGS") == ["FINDINGS", "  none"]
    assert not any(line.startswith("CUSTOMERS") for line in found)


def test_stages_without_open_amounts() -> None:
    """A stage in which nothing is open shows a dash, not 0."""
    found = section(lines_of(BOOK), "STAGES")
    assert found[2].split() == ["Won", "2", "–"]
    assert found[4].split() == ["Talks", "1", "200.00"]


def test_stages_are_those_of_a_day() -> None:
    """Without an as-of day stages stand at the end of the period, visits run to the last day."""
    stay = StageVisit(
        id=StageVisitId("v1"),
        opportunity_id=OpportunityId("p5"),
        stage="Talks",
        kind=StageKind.OPEN,
        entered_on=date(2024, 4, 1),
    )
    facts = Facts.of(attrs.evolve(BOOK, stage_visits=[stay]))
    found = review_text(review_facts(facts, during=Calendar().parse("2024"))).split("\n")
    assert section(found, "STAGES")[0].split("  ")[0] == "STAGES, ALL UNTIL 2024-12-31"
    row, told = section(found, "STAGE CONVERSION")[2:]
    assert row.split() == ["Talks", "1", "0.0", "%", "100.0", "%", "0.0", "%", "–"]
    assert told.startswith("  First visits begun in 2024, followed to the last day known; ")


def test_closed_at_no_known_day() -> None:
    """Where nothing of a period is known, the columns of the pipeline are told apart by words."""
    found = [opportunity(1, "won", amount=5), opportunity(2, "lost"), opportunity(3, "open")]
    head = section(
        lines_of(SalesBook(opportunities=found), during=Calendar().parse("2024")), "FUNNEL"
    )[0]
    assert head.split() == ["FUNNEL", "2024", "before", "change"]


def test_findings_by_kind() -> None:
    """Findings are counted by severity, two of each kind are shown, each with its place."""
    many = [
        Finding(
            code="bad-cell",
            severity=Severity.ERROR,
            message=f"Cell {n}.",
            place=Place("a.csv", n + 2, "net"),
        )
        for n in range(4)
    ]
    one = Finding(code="unknown-file", severity=Severity.WARNING, message="No such file.")
    found = section(lines_of(BOOK, findings=[*many, one]), "FINDINGS")
    assert found[0] == "FINDINGS: 4 errors, 2 warnings"
    assert found[1:5] == [
        "  error   a.csv, row 2, column net: Cell 0.",
        "  error   a.csv, row 3, column net: Cell 1.",
        "          … 2 more of this kind",
        "  warning open past the expected close, before 2024-06-30: 1 opportunity, the first 'p5'",
    ]
    assert found[-1] == "  warning No such file."


# Width ------------------------------------------------------------------------------------------


def wild_book(name: str) -> SalesBook:
    """Return the small book with a name everywhere that names are shown, also in the ids."""
    key = name[:200]
    orders = tuple(
        attrs.evolve(one, customer_id=key, rep_id=key, region=name) for one in BOOK.orders
    )
    return attrs.evolve(
        BOOK,
        teams=tuple(attrs.evolve(one, name=name) for one in BOOK.teams),
        sales_reps=(
            *(attrs.evolve(one, name=name) for one in BOOK.sales_reps),
            SalesRep(id=SalesRepId("idle"), name=name),
        ),
        customers=(
            *(attrs.evolve(one, name=name, segment=name) for one in BOOK.customers),
            Customer(id=CustomerId(key), name=name, segment=name),
        ),
        products=tuple(attrs.evolve(one, name=name, family=name) for one in BOOK.products),
        opportunities=tuple(
            attrs.evolve(one, id=f"{number}{key}", stage=name, rep_id=f"?{key}")
            for number, one in enumerate(BOOK.opportunities)
        ),
        orders=orders,
    )


@pytest.mark.parametrize(
    "name",
    [
        "x" * 200,
        "a rather long name of a customer " * 6,
        "华东大区重点客户事业部" * 18,
        "e\u0301" * 100,
        "\uff41\uff42" * 100,
    ],
)
def test_long_names_keep_to_the_page(name: str) -> None:
    """Names of 200 characters, wide ones too, widen no line beyond the page."""
    for during in (None, Period.custom(date(2024, 1, 1), date(2024, 6, 30))):
        found = lines_of(wild_book(name), during=during)
        assert max(map(text_width, found)) <= WIDEST


def test_large_amounts_keep_to_the_page() -> None:
    """Amounts of thousands of billions fit beside their past."""
    sales = [
        sale(n, f"{year}-05-05", "9876543210987.65", customer="c")
        for n, year in enumerate((2022, 2023, 2024))
    ]
    for during in ("2024", "2024-Q2", "2024-05-01..2024-05-31"):
        found = lines_of(book_of(sales), during=Calendar().parse(during))
        assert max(map(text_width, found)) <= WIDEST


@pytest.mark.parametrize(
    "sign", ["\n", "\r", "\t", "\x1b[2J", "\x00", "\u202e", "\u2028", "\x85", "\x7f"]
)
def test_control_characters_cannot_break_the_page(sign: str) -> None:
    """A name that would move the cursor or reverse the line is made harmless, in ids too."""
    found = review_text(review_book(wild_book(f"evil{sign}name")))
    assert not {letter for letter in found if not letter.isprintable()} - {"\n"}
    assert not any(line.startswith("name") for line in found.split("\n"))


# Numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("currency", "shown"), [("USD", "1,234.57"), ("JPY", "1,235"), ("KWD", "1,234.568")]
)
def test_money_has_the_digits_of_its_currency(currency: str, shown: str) -> None:
    """Dollars show two digits behind the point, yen none, dinars three."""
    found = lines_of(book_of([sale(1, "2024-01-01", Money.of("1234.5678", currency))]))
    assert section(found, "QUANTITIES")[2].split()[1] == shown


def test_the_page_agrees_with_the_slices() -> None:
    """What the rest of a cut list sums to is what its slices sum to, to the last digit."""
    amount = "9" * 20 + ".25"
    sales = [sale(n, "2024-01-01", amount, product=f"a{n:02}") for n in range(30)]
    book = book_of(sales)
    table = section(lines_of(book), "PRODUCTS")
    rest = sum(
        one.value or Decimal(0) for one in slices("revenue", facts_of(book), by="product")[11:]
    )
    assert table[-1].split()[-1] == f"{rest:,.2f}"


@settings(deadline=None, max_examples=20)
@given(crowded_books())
def test_every_book_fits_the_page(book: SalesBook) -> None:
    """Whatever the facts, the page has no line that is too wide, and ends with one line break."""
    text = review_text(review_book(book, rates=RATES, during=Calendar().parse("2023-Q4")))
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert all(text_width(line) <= WIDEST for line in text.split("\n"))
    assert all(line == line.rstrip() for line in text.split("\n"))
