"""
Stock: what is there, what is promised, and how much to order when.

`stock_positions` says what is on hand, reserved and on order as of a day, `product_promises` and
`available_to_promise` what can still be promised, `stock_turnover` and `slow_movers` what sells.
`unit_demand` makes a forecast a demand of whole units, `supply_plan` makes it orders by period.
`reorder_point`, `order_up_to` and `MinMax` say when to order, `safety_stock` how much more than the
mean to keep.
`economic_order`, `discounted_order` and `order_schedule` say how much to order of a known demand,
`newsvendor` of an uncertain one.
`stock_risk` and `order_service` say how often that is too little, and how much too much.
"""

from salescore.stock._economic_order import EconomicOrder, economic_order, economic_order_cost
from salescore.stock._fill_rate import OrderService, order_service, reorder_point_for_fill_rate
from salescore.stock._lead_time import lead_time_demand, unit_demand
from salescore.stock._lots import LotRules
from salescore.stock._newsvendor import (
    Newsvendor,
    newsvendor,
    newsvendor_cost,
    newsvendor_cost_normal,
    newsvendor_normal,
)
from salescore.stock._open_lines import OpenLine
from salescore.stock._order_schedule import OrderSchedule, ScheduledOrder, order_schedule
from salescore.stock._positions import (
    PlaceStock,
    ReservedBasis,
    StockPosition,
    StockPositions,
    stock_positions,
)
from salescore.stock._product_promises import product_promises
from salescore.stock._promises import PromiseRow, PromiseTable, available_to_promise
from salescore.stock._quantity_discounts import (
    DiscountScheme,
    PriceBreak,
    discounted_order,
    discounted_order_cost,
)
from salescore.stock._receipts import Receipt
from salescore.stock._risk import StockRisk, stock_risk
from salescore.stock._slow_movers import SlowMover, SlowMovers, slow_movers
from salescore.stock._stock_levels import (
    MinMax,
    StockLevel,
    error_deviation,
    order_up_to,
    reorder_point,
    safety_stock,
)
from salescore.stock._supply_plan import SupplyPlan, SupplyRow, supply_plan
from salescore.stock._turnover import (
    ProductTurnover,
    StockTurnover,
    TurnoverBasis,
    days_of_cover,
    stock_turnover,
)

__all__ = [
    "DiscountScheme",
    "EconomicOrder",
    "LotRules",
    "MinMax",
    "Newsvendor",
    "OpenLine",
    "OrderSchedule",
    "OrderService",
    "PlaceStock",
    "PriceBreak",
    "ProductTurnover",
    "PromiseRow",
    "PromiseTable",
    "Receipt",
    "ReservedBasis",
    "ScheduledOrder",
    "SlowMover",
    "SlowMovers",
    "StockLevel",
    "StockPosition",
    "StockPositions",
    "StockRisk",
    "StockTurnover",
    "SupplyPlan",
    "SupplyRow",
    "TurnoverBasis",
    "available_to_promise",
    "days_of_cover",
    "discounted_order",
    "discounted_order_cost",
    "economic_order",
    "economic_order_cost",
    "error_deviation",
    "lead_time_demand",
    "newsvendor",
    "newsvendor_cost",
    "newsvendor_cost_normal",
    "newsvendor_normal",
    "order_schedule",
    "order_service",
    "order_up_to",
    "product_promises",
    "reorder_point",
    "reorder_point_for_fill_rate",
    "safety_stock",
    "slow_movers",
    "stock_positions",
    "stock_risk",
    "stock_turnover",
    "supply_plan",
    "unit_demand",
]
