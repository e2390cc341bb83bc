"""Which function builds which fact table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from salescore.book._table import FactTable
from salescore.book._tables_money import expenses, invoices, payments
from salescore.book._tables_parties import customers, targets
from salescore.book._tables_pipeline import activities, leads, opportunities
from salescore.book._tables_sales import order_lines, sales_lines
from salescore.book._tables_service import cases, deliveries, survey_responses
from salescore.book._tables_stages import stage_visits
from salescore.book._view import View

BUILDERS: Mapping[str, Callable[[View], FactTable]] = MappingProxyType(
    {
        "order_lines": order_lines,
        "opportunities": opportunities,
        "expenses": expenses,
        "activities": activities,
        "customers": customers,
        "sales_lines": sales_lines,
        "invoices": invoices,
        "payments": payments,
        "leads": leads,
        "stage_visits": stage_visits,
        "deliveries": deliveries,
        "cases": cases,
        "survey_responses": survey_responses,
        "targets": targets,
    }
)
"""What builds each fact table, by its name."""
