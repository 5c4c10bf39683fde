"""Money is decimal, has a currency, and carries the date of the rate it was computed from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

HOURS_PER_MONTH = Decimal(730)
"""The month of all price arithmetic, in hours (the clouds' own convention)."""

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in `currency` (ISO 4217), from rates dated `rated_on` (the oldest that went in)."""

    amount: Decimal
    rated_on: date
    currency: str = "USD"

    def __post_init__(self) -> None:
        if not self.amount.is_finite():
            raise ValueError(f"money needs a finite amount, not {self.amount}")

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, min(self.rated_on, other.rated_on), self.currency)

    def times(self, factor: Decimal | int) -> Money:
        """The same money `factor` times over."""
        return Money(self.amount * factor, self.rated_on, self.currency)

    @property
    def cents(self) -> Decimal:
        """The amount rounded to whole cents (half to even), for showing."""
        return self.amount.quantize(_CENT, ROUND_HALF_EVEN)


def total(amounts: Iterable[Money | None]) -> Money | None:
    """The sum of what is priced; None when nothing is. What is unpriced is left out, never zero."""
    priced = [amount for amount in amounts if amount is not None]
    if not priced:
        return None
    result = priced[0]
    for amount in priced[1:]:
        result += amount
    return result
