"""`SalesBook`: all facts at one moment."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from salescore.entities import (
    RECORD_TABLES,
    Activity,
    Allocation,
    Appraisal,
    AppraisalItem,
    Campaign,
    CampaignMember,
    Case,
    Claim,
    Concession,
    Contact,
    Contract,
    ContractClause,
    Customer,
    Delivery,
    DeliveryLine,
    Demonstration,
    Event,
    ExchangeRate,
    Expense,
    FollowUp,
    GradeInterval,
    Improvement,
    Instalment,
    Invoice,
    InvoiceLine,
    Lead,
    MarketSize,
    Need,
    NeedCoverage,
    Negotiation,
    Objection,
    Opportunity,
    OpportunityLine,
    Order,
    OrderLine,
    Payment,
    PriceBook,
    PriceBookEntry,
    Product,
    ProductCost,
    Quote,
    QuoteLine,
    Return,
    ReturnLine,
    SalesRep,
    Solution,
    StageVisit,
    Statement,
    StatementLine,
    StockItem,
    SurveyResponse,
    Tag,
    Target,
    Task,
    Team,
    Territory,
    TerritoryAssignment,
    record_table,
)
from salescore.errors import InvalidRecord, UnknownName
from salescore.plain import (
    RECORDED_AT,
    CustomFields,
    Field,
    FieldTable,
    Kind,
    as_tuple,
    check_custom,
    field_column,
)
from salescore.render import counted
from salescore.values import day_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


NO_CURRENCY = "XXX"
"""ISO 4217's code where no currency is involved: a book without any money."""


FEW = 40
"""Most records that a book shows one by one; of a larger one it tells the counts."""

_TERMS = ("valid_from",)
"""Dates that make a record known, yet are no business: the first day of an exchange rate."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years outside of which a date is taken for a slip or a sign."""


@attrs.frozen(kw_only=True, repr=False)
class SalesBook:
    """
    All facts at one moment; nothing in it changes.

    Faults in the facts are no errors: `check_book` lists them, and figures count what they leave
    out.

    Attributes:
        teams: Groups of sales reps.
        territories: Parts of the market.
        sales_reps: Who sells.
        territory_assignments: Who was in charge of a territory, and when.
        campaigns: Efforts to win or keep customers.
        customers: Who buys or may buy.
        contacts: People at customers.
        products: What is sold.
        price_books: Lists of prices.
        price_book_entries: The prices in them.
        product_costs: What units of products cost.
        stock_items: What is in stock.
        leads: Unqualified interest.
        opportunities: Chances to sell.
        opportunity_lines: The products in opportunities.
        stage_visits: Stays in stages.
        campaign_members: Whom campaigns address.
        needs: What customers need.
        solutions: What is proposed to them.
        need_coverages: Which solution answers which need.
        demonstrations: Showings and trials.
        negotiations: Bargaining over opportunities.
        concessions: What was given up in it.
        objections: What customers hold against buying.
        quotes: Offers.
        quote_lines: The products in offers.
        contracts: Agreements.
        contract_clauses: What must be settled in them.
        orders: What was ordered.
        order_lines: The products on the orders.
        deliveries: Goods sent.
        delivery_lines: The products in deliveries.
        returns: Goods sent back.
        return_lines: The products that came back.
        invoices: Demands for payment.
        invoice_lines: The products on invoices.
        instalments: What falls due, and when.
        payments: Money received.
        allocations: Which payment settles what.
        expenses: Direct selling expenses.
        cases: After-sales requests.
        activities: Contacts that happened.
        survey_responses: Answers to surveys.
        targets: What is to be reached.
        tasks: Work given to sales reps.
        follow_ups: Contacts that are due.
        improvements: Measures against weaknesses.
        market_sizes: How large markets were.
        exchange_rates: What currencies were worth.
        grade_intervals: Grades of customers over time.
        tags: Words that records are marked with.
        claims: Holds on customers from the pool.
        statements: What incentive plans pay.
        statement_lines: Why they pay it.
        appraisals: Judgements of work.
        appraisal_items: Their weighted items.
        events: What happened to records.
        custom_fields: The fields that the application registered.
    """

    teams: tuple[Team, ...] = attrs.field(default=(), converter=as_tuple)
    territories: tuple[Territory, ...] = attrs.field(default=(), converter=as_tuple)
    sales_reps: tuple[SalesRep, ...] = attrs.field(default=(), converter=as_tuple)
    territory_assignments: tuple[TerritoryAssignment, ...] = attrs.field(
        default=(), converter=as_tuple
    )
    campaigns: tuple[Campaign, ...] = attrs.field(default=(), converter=as_tuple)
    customers: tuple[Customer, ...] = attrs.field(default=(), converter=as_tuple)
    contacts: tuple[Contact, ...] = attrs.field(default=(), converter=as_tuple)
    products: tuple[Product, ...] = attrs.field(default=(), converter=as_tuple)
    price_books: tuple[PriceBook, ...] = attrs.field(default=(), converter=as_tuple)
    price_book_entries: tuple[PriceBookEntry, ...] = attrs.field(default=(), converter=as_tuple)
    product_costs: tuple[ProductCost, ...] = attrs.field(default=(), converter=as_tuple)
    stock_items: tuple[StockItem, ...] = attrs.field(default=(), converter=as_tuple)
    leads: tuple[Lead, ...] = attrs.field(default=(), converter=as_tuple)
    opportunities: tuple[Opportunity, ...] = attrs.field(default=(), converter=as_tuple)
    opportunity_lines: tuple[OpportunityLine, ...] = attrs.field(default=(), converter=as_tuple)
    stage_visits: tuple[StageVisit, ...] = attrs.field(default=(), converter=as_tuple)
    campaign_members: tuple[CampaignMember, ...] = attrs.field(default=(), converter=as_tuple)
    needs: tuple[Need, ...] = attrs.field(default=(), converter=as_tuple)
    solutions: tuple[Solution, ...] = attrs.field(default=(), converter=as_tuple)
    need_coverages: tuple[NeedCoverage, ...] = attrs.field(default=(), converter=as_tuple)
    demonstrations: tuple[Demonstration, ...] = attrs.field(default=(), converter=as_tuple)
    negotiations: tuple[Negotiation, ...] = attrs.field(default=(), converter=as_tuple)
    concessions: tuple[Concession, ...] = attrs.field(default=(), converter=as_tuple)
    objections: tuple[Objection, ...] = attrs.field(default=(), converter=as_tuple)
    quotes: tuple[Quote, ...] = attrs.field(default=(), converter=as_tuple)
    quote_lines: tuple[QuoteLine, ...] = attrs.field(default=(), converter=as_tuple)
    contracts: tuple[Contract, ...] = attrs.field(default=(), converter=as_tuple)
    contract_clauses: tuple[ContractClause, ...] = attrs.field(default=(), converter=as_tuple)
    orders: tuple[Order, ...] = attrs.field(default=(), converter=as_tuple)
    order_lines: tuple[OrderLine, ...] = attrs.field(default=(), converter=as_tuple)
    deliveries: tuple[Delivery, ...] = attrs.field(default=(), converter=as_tuple)
    delivery_lines: tuple[DeliveryLine, ...] = attrs.field(default=(), converter=as_tuple)
    returns: tuple[Return, ...] = attrs.field(default=(), converter=as_tuple)
    return_lines: tuple[ReturnLine, ...] = attrs.field(default=(), converter=as_tuple)
    invoices: tuple[Invoice, ...] = attrs.field(default=(), converter=as_tuple)
    invoice_lines: tuple[InvoiceLine, ...] = attrs.field(default=(), converter=as_tuple)
    instalments: tuple[Instalment, ...] = attrs.field(default=(), converter=as_tuple)
    payments: tuple[Payment, ...] = attrs.field(default=(), converter=as_tuple)
    allocations: tuple[Allocation, ...] = attrs.field(default=(), converter=as_tuple)
    expenses: tuple[Expense, ...] = attrs.field(default=(), converter=as_tuple)
    cases: tuple[Case, ...] = attrs.field(default=(), converter=as_tuple)
    activities: tuple[Activity, ...] = attrs.field(default=(), converter=as_tuple)
    survey_responses: tuple[SurveyResponse, ...] = attrs.field(default=(), converter=as_tuple)
    targets: tuple[Target, ...] = attrs.field(default=(), converter=as_tuple)
    tasks: tuple[Task, ...] = attrs.field(default=(), converter=as_tuple)
    follow_ups: tuple[FollowUp, ...] = attrs.field(default=(), converter=as_tuple)
    improvements: tuple[Improvement, ...] = attrs.field(default=(), converter=as_tuple)
    market_sizes: tuple[MarketSize, ...] = attrs.field(default=(), converter=as_tuple)
    exchange_rates: tuple[ExchangeRate, ...] = attrs.field(default=(), converter=as_tuple)
    grade_intervals: tuple[GradeInterval, ...] = attrs.field(default=(), converter=as_tuple)
    tags: tuple[Tag, ...] = attrs.field(default=(), converter=as_tuple)
    claims: tuple[Claim, ...] = attrs.field(default=(), converter=as_tuple)
    statements: tuple[Statement, ...] = attrs.field(default=(), converter=as_tuple)
    statement_lines: tuple[StatementLine, ...] = attrs.field(default=(), converter=as_tuple)
    appraisals: tuple[Appraisal, ...] = attrs.field(default=(), converter=as_tuple)
    appraisal_items: tuple[AppraisalItem, ...] = attrs.field(default=(), converter=as_tuple)
    events: tuple[Event, ...] = attrs.field(default=(), converter=as_tuple)
    custom_fields: CustomFields = attrs.field(factory=CustomFields)

    def __attrs_post_init__(self) -> None:
        unknown = [name for name, _ in self.custom_fields.tables if name not in self._tables]
        if unknown:
            raise UnknownName("record type", unknown[0], tuple(self._tables))
        for table in self.tables:
            records = getattr(self, table.name)
            for kind in set(map(type, records)):
                if kind is not table.record:
                    wanted = getattr(table.record, "__name__", "")
                    fault = f"it must hold {wanted} records"
                    raise InvalidRecord("SalesBook", table.name, kind.__name__, fault)
            check_custom(table, records)

    def __repr__(self) -> str:
        there = [table.name for table in self.tables if self.records(table.name)]
        if sum(len(self.records(name)) for name in there) > FEW:
            counts = ", ".join(counted(len(self.records(name)), name) for name in there)
            return f"<SalesBook: {counts}>"
        shown = [f"{name}={self.records(name)!r}" for name in there]
        if self.custom_fields.tables:
            shown.append(f"custom_fields={self.custom_fields!r}")
        return f"SalesBook({', '.join(shown)})"

    @cached_property
    def _tables(self) -> dict[str, FieldTable]:
        return {table.name: self.custom_fields.extend(table) for table in RECORD_TABLES}

    @property
    def tables(self) -> tuple[FieldTable, ...]:
        """Return the field tables of all record types, with the fields that were registered."""
        return tuple(self._tables.values())

    def table(self, name: str) -> FieldTable:
        """
        Return the field table of a record type, with the fields that were registered.

        Args:
            name: Record type in snake_case plural.

        Raises:
            UnknownName: There is no such record type.
        """
        return self._tables[record_table(name).name]

    def records(self, name: str) -> tuple[Any, ...]:
        """
        Return all records of one type.

        Args:
            name: Record type in snake_case plural.

        Raises:
            UnknownName: There is no such record type.
        """
        records: tuple[Any, ...] = getattr(self, record_table(name).name)
        return records

    @cached_property
    def _indexes(self) -> dict[str, Mapping[str, Any]]:
        return {}

    def index(self, name: str) -> Mapping[str, Any]:
        """
        Return the records of one type by id; of two with the same id, the first.

        Args:
            name: Record type in snake_case plural.

        Raises:
            UnknownName: There is no such record type.
        """
        if name not in self._indexes:
            by_id: dict[str, Any] = {}
            for record in self.records(name):
                by_id.setdefault(record.id, record)
            self._indexes[name] = MappingProxyType(by_id)
        return self._indexes[name]

    @cached_property
    def currencies(self) -> tuple[tuple[str, int], ...]:
        """Return the currencies of all money with how often each stands, most frequent first."""
        counts: Counter[str] = Counter()
        for records, field in self._columns(Kind.MONEY):
            moneys = (money for money in field_column(records, field) if money is not None)
            counts.update(map(attrgetter("currency"), moneys))
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def currency(self) -> str:
        """Return the most frequent currency of the book, `XXX` where it holds no money."""
        return self.currencies[0][0] if self.currencies else NO_CURRENCY

    @cached_property
    def last_day(self) -> date | None:
        """
        Return the last plausible business date of what has happened, `None` where there is none.

        A date outside the years 1900 to 2199 stands for something else, such as "never".
        """
        days = {
            day
            for records, field in self._columns(Kind.DATE)
            if field.has_happened and field.name not in _TERMS
            for day in set(field_column(records, field))
            if day is not None and is_plausible(day)
        }
        return max(days, default=None)

    @cached_property
    def last_known(self) -> date | None:
        """
        Return the last date among the facts: of business, or on which a record was made, in UTC.

        Seen as of an earlier day, a record made after its business would be hidden.
        """
        made = {
            day_of(one, "UTC")
            for table in self.tables
            if RECORDED_AT in table
            for one in {record.recorded_at for record in self.records(table.name)}
            if one is not None
        }
        return max([*made, *([] if self.last_day is None else [self.last_day])], default=None)

    def _columns(self, kind: Kind) -> Iterator[tuple[tuple[Any, ...], Field]]:
        """Yield the records and the field of every column of a kind that there is."""
        for table in self.tables:
            records = getattr(self, table.name)
            if records:
                for field in table.fields:
                    if field.kind is kind:
                        yield records, field


def is_plausible(day: date) -> bool:
    """Return whether a date can be that of business: its year is 1900 to 2199."""
    return FIRST_YEAR <= day.year <= LAST_YEAR
