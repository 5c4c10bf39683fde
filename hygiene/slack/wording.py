"""Words that several notes share: amounts of money and counts of resources."""

from __future__ import annotations

from collections.abc import Sequence

from hygiene.model.money import Money, total
from hygiene.model.note import NoteItem


def amount(money: Money) -> str:
    """`1,234.50 USD`."""
    return f"{money.cents:,.2f} {money.currency}"


def per_month(money: Money | None) -> str:
    """`1,234.50 USD per month`, or that nobody knows."""
    return f"{amount(money)} per month" if money else "price unknown"


def cost(monthly: Money | None, unpriced: int) -> str:
    """What several resources cost together. What has no price is counted, never left out."""
    if not unpriced or monthly is None:
        return per_month(monthly)
    return f"{per_month(monthly)}, and {unpriced} without a known price"


def cost_of(items: Sequence[NoteItem]) -> str:
    """What the resources of these items cost together."""
    prices = [item.monthly for item in items]
    return cost(total(prices), prices.count(None))


def counted(items: Sequence[NoteItem]) -> str:
    """`1 endpoint`, `3 endpoints`, or `4 resources` where the kinds differ."""
    kinds = {item.ref.kind for item in items}
    kind = kinds.pop() if len(kinds) == 1 else "resource"
    return number(len(items), kind)


def number(count: int, thing: str) -> str:
    """`1 gap`, `2 gaps`."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
