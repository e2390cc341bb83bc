"""Deals as distributions: the five of the oracle, and as many random ones as wanted."""

import random
from decimal import Decimal

from salescore.forecast import Distribution

DEALS = [(100, "0.1"), (50, "0.5"), (200, "0.3"), (80, "0.9"), (120, "0.6")]


def deals() -> list[Distribution]:
    """Return the five deals of the oracle."""
    return [Distribution.either(Decimal(amount), Decimal(chance)) for amount, chance in DEALS]


def many(count: int, seed: int, low: int = 5, high: int = 95) -> list[Distribution]:
    """Return deals of random amounts from 1,000 to 100,000, with chances in percent."""
    chance = random.Random(seed)  # noqa: S311 - no secrets
    return [
        Distribution.either(
            Decimal(chance.randrange(100_000, 10_000_001)).scaleb(-2),
            Decimal(chance.randrange(low, high + 1)) / 100,
        )
        for _ in range(count)
    ]
