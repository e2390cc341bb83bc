"""
Purchase behaviour: who is still a customer, when they buy next, what they are worth.

`purchase_histories` and `purchase_histories_of` sum customers up: how often, how lately, how long.
`fit_bg_nbd` learns from them how customers buy and leave, `fit_gamma_gamma` what they spend,
`fit_contracts` how contracts last.
A model's `Outlook` on a customer tells the chance of being one still, purchases to come and the
next; `purchase_forecast` sums them up, `lifetime_values` prices them.
`affinities` finds products bought together, `next_products` what to offer each customer.
"""

from salescore.purchases._affinity import Affinities, Affinity, affinities
from salescore.purchases._baskets import Basket, Baskets, basket_reduction, baskets_of
from salescore.purchases._bg_nbd import BgNbd, fit_bg_nbd
from salescore.purchases._fit import Fit
from salescore.purchases._gamma_gamma import GammaGamma, fit_gamma_gamma
from salescore.purchases._history import (
    Purchase,
    PurchaseHistories,
    PurchaseHistory,
    purchase_histories,
)
from salescore.purchases._history_facts import (
    history_reduction,
    purchase_day_reduction,
    purchase_histories_of,
)
from salescore.purchases._lifetime_value import (
    CustomerValue,
    LifetimeValues,
    Unvalued,
    lifetime_values,
)
from salescore.purchases._next_product import OFFERS, NextProducts, Offer, next_products
from salescore.purchases._outlook import NextPurchase, Outlook
from salescore.purchases._purchase_forecast import (
    ExpectedPurchases,
    PurchaseForecast,
    purchase_forecast,
)
from salescore.purchases._purchase_reductions import purchase_reductions
from salescore.purchases._renewals import ContractCohort, ShiftedBetaGeometric, fit_contracts

__all__ = [
    "OFFERS",
    "Affinities",
    "Affinity",
    "Basket",
    "Baskets",
    "BgNbd",
    "ContractCohort",
    "CustomerValue",
    "ExpectedPurchases",
    "Fit",
    "GammaGamma",
    "LifetimeValues",
    "NextProducts",
    "NextPurchase",
    "Offer",
    "Outlook",
    "Purchase",
    "PurchaseForecast",
    "PurchaseHistories",
    "PurchaseHistory",
    "ShiftedBetaGeometric",
    "Unvalued",
    "affinities",
    "basket_reduction",
    "baskets_of",
    "fit_bg_nbd",
    "fit_contracts",
    "fit_gamma_gamma",
    "history_reduction",
    "lifetime_values",
    "next_products",
    "purchase_day_reduction",
    "purchase_forecast",
    "purchase_histories",
    "purchase_histories_of",
    "purchase_reductions",
]
