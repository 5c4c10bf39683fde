"""How much may be changed within a day: per policy, per account, and for the run as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from hygiene.model.entry import Intended
from hygiene.model.history import History
from hygiene.model.money import Money
from hygiene.model.plan import UNDO, Change, Population
from hygiene.model.resource import Place, ResourceRef
from hygiene.policy import Budget
from hygiene.rules import Rules

SPAN = timedelta(hours=24)
"""Budgets are for any 24 hours: two runs in one night share them."""


@dataclass(frozen=True, slots=True)
class _Spent:
    """One change that counts against budgets, made or about to be."""

    ref: ResourceRef
    policy: str
    monthly: Money | None


def over_budget(
    changes: tuple[Change, ...],
    populations: tuple[Population, ...],
    history: History,
    rules: Rules,
    now: datetime,
) -> str | None:
    """The first budget that these changes, with those of the last 24 hours, would exceed.

    None where every budget holds. A malformed or missing budget is exceeded by anything.
    """
    if not changes:
        return None
    new = [_Spent(one.ref, one.finding.policy, one.finding.monthly) for one in changes]
    spent = [*_recent(history, now), *new]
    here = {(one.ref.place, one.ref.kind) for one in new}
    budgets: list[tuple[str, Budget | None, list[_Spent]]] = [
        ("the run", rules.estate.budget, spent)
    ]
    for account_id in sorted({one.ref.account for one in new}):
        account = rules.estate.account(account_id)
        within = [one for one in spent if one.ref.account == account_id]
        budgets.append((f"account {account_id}", account.budget if account else None, within))
    for name in sorted({one.policy for one in new}):
        policy = rules.policy(name)
        within = [one for one in spent if one.policy == name]
        budgets.append((f"policy {name}", policy.budget if policy else None, within))
    for whose, budget, within in budgets:
        reason = _exceeded(budget, within) or _share_exceeded(
            budget, [one for one in within if (one.ref.place, one.ref.kind) in here], populations
        )
        if reason:
            return f"over the budget of {whose}: {reason}"
    return None


def _recent(history: History, now: datetime) -> list[_Spent]:
    done: Iterable[Intended] = history.intents_since(now - SPAN)
    return [_Spent(one.ref, one.policy, one.monthly) for one in done if one.verb in UNDO]


def _exceeded(budget: Budget | None, spent: list[_Spent]) -> str | None:
    if budget is None or not sound(budget):
        return "it is missing or malformed, so nothing passes"
    if len(spent) > budget.changes:
        return f"{len(spent)} changes, {budget.changes} allowed"
    priced = [one.monthly for one in spent if one.monthly is not None]
    dollars = sum((one.amount for one in priced), Decimal(0))
    if any(one.currency != "USD" for one in priced):
        return "a change is not priced in USD"
    if dollars > budget.monthly_usd:
        return f"{dollars:.2f} USD a month, {budget.monthly_usd} allowed"
    return None


def _share_exceeded(
    budget: Budget | None, spent: list[_Spent], populations: tuple[Population, ...]
) -> str | None:
    """A place that nobody counted holds nothing, so that any share of it is too much."""
    share = budget.share if budget else Decimal(0)
    counts = {(one.place, one.kind): one.count for one in populations}
    changed: Counter[tuple[Place, str]] = Counter((one.ref.place, one.ref.kind) for one in spent)
    for (place, kind), number in changed.items():
        count = counts.get((place, kind), 0)
        if number > share * count:
            return f"{number} of {count} {kind}s in {place}, a share of {share} allowed"
    return None


def sound(budget: Budget) -> bool:
    """Whether a budget says anything: types, finiteness and ranges, however it was built."""
    return (
        isinstance(budget.changes, int)
        and not isinstance(budget.changes, bool)
        and budget.changes >= 0
        and _finite(budget.share)
        and 0 <= budget.share <= 1
        and _finite(budget.monthly_usd)
        and budget.monthly_usd >= 0
    )


def _finite(number: object) -> bool:
    return isinstance(number, Decimal) and number.is_finite()
