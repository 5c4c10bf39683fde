"""How amounts, times and owners are put in words, the same in every face of a report."""

from __future__ import annotations

from datetime import UTC, datetime

from hygiene.model.money import Money

UNPRICED = "unpriced"


def amount(money: Money | None) -> str:
    """Whole cents with thousands separators, without the currency; "unpriced" for None."""
    return f"{money.cents:,.2f}" if money is not None else UNPRICED


def amount_in(money: Money | None) -> str:
    """As `amount`, with the currency before it."""
    return f"{money.currency} {amount(money)}" if money is not None else UNPRICED


def day(at: datetime | None) -> str:
    """The day in UTC, as 2025-03-01; nothing for None."""
    return f"{at.astimezone(UTC):%Y-%m-%d}" if at is not None else ""


def minute(at: datetime) -> str:
    """Day and time in UTC, for people."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def instant(at: datetime) -> str:
    """ISO 8601 in UTC with whole seconds and a Z, for machines."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def printable(text: str) -> str:
    """The text on one line, without control characters: names and tags may hold any.

    A terminal would obey an escape sequence, and a bidirectional override would turn a name around.
    """
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)
