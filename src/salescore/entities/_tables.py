"""The field table of every record type, read off its class."""

from salescore.entities._aftersales import Case, SurveyResponse
from salescore.entities._campaigns import Campaign, CampaignMember
from salescore.entities._invoices import Allocation, Instalment, Invoice, InvoiceLine, Payment
from salescore.entities._offers import Contract, ContractClause, Quote, QuoteLine
from salescore.entities._opportunities import (
    Activity,
    Lead,
    Opportunity,
    OpportunityLine,
    StageVisit,
)
from salescore.entities._orders import (
    Delivery,
    DeliveryLine,
    Expense,
    Order,
    OrderLine,
    Return,
    ReturnLine,
)
from salescore.entities._outcomes import (
    Appraisal,
    AppraisalItem,
    Claim,
    Event,
    GradeInterval,
    Statement,
    StatementLine,
    Tag,
)
from salescore.entities._parties import (
    Contact,
    Customer,
    SalesRep,
    Team,
    Territory,
    TerritoryAssignment,
)
from salescore.entities._plans import ExchangeRate, MarketSize, Target
from salescore.entities._products import PriceBook, PriceBookEntry, Product, ProductCost, StockItem
from salescore.entities._selling import (
    Concession,
    Demonstration,
    Need,
    NeedCoverage,
    Negotiation,
    Objection,
    Solution,
)
from salescore.entities._work import FollowUp, Improvement, Task
from salescore.errors import UnknownName
from salescore.plain import FieldTable, field_table

RECORD_TABLES: tuple[FieldTable, ...] = (
    field_table(Team, "teams"),
    field_table(Territory, "territories"),
    field_table(SalesRep, "sales_reps"),
    field_table(TerritoryAssignment, "territory_assignments"),
    field_table(Campaign, "campaigns"),
    field_table(Customer, "customers"),
    field_table(Contact, "contacts"),
    field_table(Product, "products"),
    field_table(PriceBook, "price_books"),
    field_table(PriceBookEntry, "price_book_entries"),
    field_table(ProductCost, "product_costs"),
    field_table(StockItem, "stock_items"),
    field_table(Lead, "leads"),
    field_table(Opportunity, "opportunities"),
    field_table(OpportunityLine, "opportunity_lines"),
    field_table(StageVisit, "stage_visits"),
    field_table(CampaignMember, "campaign_members"),
    field_table(Need, "needs"),
    field_table(Solution, "solutions"),
    field_table(NeedCoverage, "need_coverages"),
    field_table(Demonstration, "demonstrations"),
    field_table(Negotiation, "negotiations"),
    field_table(Concession, "concessions"),
    field_table(Objection, "objections"),
    field_table(Quote, "quotes"),
    field_table(QuoteLine, "quote_lines"),
    field_table(Contract, "contracts"),
    field_table(ContractClause, "contract_clauses"),
    field_table(Order, "orders"),
    field_table(OrderLine, "order_lines"),
    field_table(Delivery, "deliveries"),
    field_table(DeliveryLine, "delivery_lines"),
    field_table(Return, "returns"),
    field_table(ReturnLine, "return_lines"),
    field_table(Invoice, "invoices"),
    field_table(InvoiceLine, "invoice_lines"),
    field_table(Instalment, "instalments"),
    field_table(Payment, "payments"),
    field_table(Allocation, "allocations"),
    field_table(Expense, "expenses"),
    field_table(Case, "cases"),
    field_table(Activity, "activities"),
    field_table(SurveyResponse, "survey_responses"),
    field_table(Target, "targets"),
    field_table(Task, "tasks"),
    field_table(FollowUp, "follow_ups"),
    field_table(Improvement, "improvements"),
    field_table(MarketSize, "market_sizes"),
    field_table(ExchangeRate, "exchange_rates"),
    field_table(GradeInterval, "grade_intervals"),
    field_table(Tag, "tags"),
    field_table(Claim, "claims"),
    field_table(Statement, "statements"),
    field_table(StatementLine, "statement_lines"),
    field_table(Appraisal, "appraisals"),
    field_table(AppraisalItem, "appraisal_items"),
    field_table(Event, "events"),
)
"""Field tables of all record types; a type stands behind those it refers to where it can."""

_BY_NAME = {table.name: table for table in RECORD_TABLES}


def record_table(name: str) -> FieldTable:
    """
    Return the field table of a record type.

    Args:
        name: Record type in snake_case plural, such as `order_lines`.

    Raises:
        UnknownName: There is no such record type.
    """
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownName("record type", name, tuple(_BY_NAME)) from None
