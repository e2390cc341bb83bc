"""All that purchase behaviour asks of the fact tables, declared in one place."""

from __future__ import annotations

from datetime import date

from salescore.metrics import Reduction
from salescore.purchases._baskets import basket_reduction
from salescore.purchases._history_facts import history_reduction, purchase_day_reduction


def purchase_reductions(as_of: date) -> tuple[Reduction, ...]:
    """
    Return the reductions behind histories and baskets, one or more of each form.

    Their small tables are all that `purchase_histories_of` and `baskets_of` read, so whatever
    brings them together, be it rows, a dataframe or a database, serves every model of purchases.

    Args:
        as_of: Last day whose purchases count.

    Examples:
        >>> [one.name for one in purchase_reductions(date(2026, 3, 31))]
        ['purchase_history', 'purchase_days', 'baskets', 'baskets']
    """
    return (
        history_reduction(as_of),
        purchase_day_reduction(as_of),
        basket_reduction(as_of),
        basket_reduction(as_of, "product_family"),
    )
