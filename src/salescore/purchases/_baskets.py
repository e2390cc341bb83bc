"""Baskets: what was bought together, out of plain rows or by a declared reduction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from salescore.errors import InvalidValue
from salescore.metrics import (
    IS_PURCHASE,
    Aggregate,
    AnyFacts,
    Exclusion,
    Measure,
    Reduction,
    source_of,
)
from salescore.plain import as_tuple
from salescore.purchases._history import a_day
from salescore.purchases._numbers import a_text, all_of_kind
from salescore.rules import F

_TABLE = "sales_lines"
_NO_DOCUMENT = "neither order nor invoice"
_NO_PRODUCT = "no product"
_UNDATED = "no day"


_A_BASKET = 'it must be a Basket, such as Basket(id="7", products=["tea", "cup"])'


def _products(values: Iterable[str]) -> frozenset[str]:
    return frozenset(all_of_kind("product of a basket", values, str, "each must be a text"))


@attrs.frozen(kw_only=True)
class Basket:
    """
    What was bought together.

    Attributes:
        id: Id of the order, or of the invoice where there is no order.
        products: What was in it, each once, whatever its quantity; ids or names of products, or of
            families.
        customer_id: Who bought; `None` when unknown.
        day: Day of the purchase; `None` when unknown.

    Raises:
        InvalidValue: It is empty, or id, products, customer or day are of another kind.
    """

    id: str
    products: frozenset[str] = attrs.field(converter=_products)
    customer_id: str | None = None
    day: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse an empty basket, which would make every product rarer, and what is none."""
        a_text("id of a basket", self.id)
        if self.customer_id is not None:
            a_text(f"customer of basket {self.id}", self.customer_id)
        if self.day is not None:
            a_day(f"day of basket {self.id}", self.day)
        if not self.products:
            raise InvalidValue(f"basket {self.id}", "()", "there is a product or more in it")


def _baskets(baskets: Iterable[Basket]) -> tuple[Basket, ...]:
    return tuple(all_of_kind("basket", baskets, Basket, _A_BASKET))


@attrs.frozen(kw_only=True)
class Baskets:
    """
    Baskets up to a day.

    Attributes:
        baskets: By id.
        as_of: Last day whose purchases count.
        excluded: Rows that entered no basket, with the reason.
    """

    baskets: tuple[Basket, ...] = attrs.field(converter=_baskets)
    as_of: date
    excluded: tuple[Exclusion, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        """Refuse baskets that count twice."""
        checked_baskets(self.baskets)
        a_day("as_of", self.as_of)

    @classmethod
    def of(cls, baskets: Iterable[Basket], as_of: date) -> Baskets:
        """
        Return the baskets up to a day; later ones are left out and counted.

        Raises:
            InvalidValue: Two have the same id, or `as_of` is no day.
        """
        end = a_day("as_of", as_of)
        known = sorted(checked_baskets(baskets), key=lambda one: one.id)
        kept = [one for one in known if one.day is None or one.day <= end]
        later = len(known) - len(kept)
        gone = [Exclusion("baskets", "after the day", later)] if later else []
        return cls(baskets=kept, as_of=end, excluded=gone)

    def __iter__(self) -> Iterator[Basket]:
        return iter(self.baskets)

    def __len__(self) -> int:
        return len(self.baskets)


def checked_baskets(baskets: object) -> list[Basket]:
    """
    Return baskets as a list.

    Raises:
        InvalidValue: One is none, or stands twice.
    """
    found = all_of_kind("basket", baskets, Basket, _A_BASKET)
    counts = Counter(one.id for one in found)
    twice = next((key for key, n in counts.items() if n > 1), None)
    if twice is not None:
        raise InvalidValue("basket", twice, "each stands once, with all that is in it")
    return found


def basket_reduction(as_of: date, product: str = "product_id") -> Reduction:
    """
    Return the reduction behind baskets: one row per document and product.

    Args:
        as_of: Last day whose purchases count.
        product: Column of what is in a basket: `product_id`, `product_family` or
            `product_subfamily`.

    Returns:
        By customer, order, invoice and product how many lines were a purchase, and the first day.
    """
    where = (F.sold_on.is_null() | (F.sold_on <= as_of)) & IS_PURCHASE
    return Reduction(
        name="baskets",
        table=_TABLE,
        keys=("customer_id", "order_id", "invoice_id", product),
        measures=[
            Measure(
                name="lines", table=_TABLE, aggregate=Aggregate.COUNT, where=where, date="sold_on"
            ),
            Measure(
                name="first_on",
                table=_TABLE,
                aggregate=Aggregate.MIN,
                of=F.sold_on,
                where=where,
                date="sold_on",
            ),
        ],
    )


def baskets_of(facts: AnyFacts, as_of: date, product: str = "product_id") -> Baskets:
    """
    Return the baskets of a book or of another source.

    Lines of one order are one basket, however many invoices it has; so are those of an invoice
    without an order. Goods that came back are in no basket.

    Args:
        facts: The fact tables of a book, or a source such as a dataframe; looked at as of the day.
        as_of: Last day whose purchases count.
        product: Column of what is in a basket: `product_id`, `product_family` or
            `product_subfamily`.

    Returns:
        Baskets by id; rows without a document, product or day are counted as left out.

    Raises:
        InvalidValue: `as_of` is no day, or the source is none.
        UnknownName: The sales lines have no such column.
    """
    end = a_day("as_of", as_of)
    (found,) = source_of(facts).at(end).reduce([basket_reduction(end, product)], None)
    gone = Counter({_UNDATED: found.undated[0]})
    products: dict[str, set[str]] = {}
    first: dict[str, tuple[date, str | None]] = {}
    cells = zip(found.keys, found.counts[0], found.values[1], strict=True)
    for (customer, order, invoice, what), n, day in cells:
        document = _document(order, invoice)
        if not n:
            continue
        if document is None or what is None:
            gone[_NO_PRODUCT if what is None else _NO_DOCUMENT] += n
            continue
        products.setdefault(document, set()).add(what)
        known = first.get(document)
        if known is None or (day, customer or "") < (known[0], known[1] or ""):
            first[document] = day, customer
    baskets = [
        Basket(id=key, products=products[key], day=day, customer_id=customer)
        for key, (day, customer) in sorted(first.items())
    ]
    excluded = [Exclusion(_TABLE, reason, n) for reason, n in sorted(gone.items()) if n]
    return Baskets(baskets=baskets, as_of=end, excluded=excluded)


def _document(order: str | None, invoice: str | None) -> str | None:
    """Return an id of the document; an invoice may have the id of an order."""
    if order is not None:
        return order
    return None if invoice is None else f"invoice {invoice}"
