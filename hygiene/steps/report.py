"""report: what it saved, out of the ledger and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from hygiene.model.entry import Intended, Looked, Settled
from hygiene.model.history import History
from hygiene.model.money import HOURS_PER_MONTH, Money, total
from hygiene.model.plan import UNDO, Plan
from hygiene.model.report import Report, Saving

_SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600

_MICRO = Decimal("0.000001")
"""Accrued sums are cut to this: no rounding ever claims more than was saved."""


def report(plan: Plan, history: History, horizon_days: int, now: datetime) -> Report:
    """A plan with every saving that the ledger can prove at `now`."""
    undone = {
        intent.change_id: settled for intent, settled in history.done() if intent.verb not in UNDO
    }
    savings = tuple(
        _saving(intent, settled, undone.get(intent.change_id), history, horizon_days)
        for intent, settled in history.done()
        if intent.verb in UNDO
    )
    running = (one.monthly for one in savings if _runs(one, now, history))
    return Report(
        at=now,
        plan=plan,
        savings=savings,
        saved_monthly=total(running),
        saved_so_far=total(one.so_far for one in savings),
    )


def _saving(
    intent: Intended,
    settled: Settled,
    undone: Settled | None,
    history: History,
    horizon_days: int,
) -> Saving:
    looks = history.looks(intent.change_id)
    first_gone = _first_gone(looks)
    ended_at, because = _end(looks, settled, undone, _next_change(intent, history))
    horizon = settled.at + timedelta(days=horizon_days)
    return Saving(
        change_id=intent.change_id,
        ref=intent.ref,
        check=intent.check,
        policy=intent.policy,
        owner=intent.owner,
        done_at=settled.at,
        verified_at=first_gone,
        ended_at=ended_at,
        ended_because=because,
        horizon=horizon,
        monthly=intent.monthly,
        so_far=_accrued(intent.monthly, first_gone, _last_proof(looks, ended_at, horizon)),
    )


def _end(
    looks: tuple[Looked, ...],
    settled: Settled,
    undone: Settled | None,
    next_change: Intended | None,
) -> tuple[datetime | None, str]:
    """When a saving ended: its undo, or the first sign that the resource was there again.

    What vanished never was ours to count: it ends where it begins.
    """
    first_gone = _first_gone(looks)
    ends = [
        (look.at, f"there again: {look.reason}")
        for look in looks
        if first_gone and look.found == "there" and look.at > first_gone
    ]
    if undone:
        ends.append((undone.at, "undone"))
    if settled.outcome == "vanished":
        ends.append((settled.at, f"not counted: {settled.reason}, by whose hand is not known"))
    if next_change:
        ends.append((next_change.at, f"there again: {next_change.change_id} began"))
    return min(ends, default=(None, ""))


def _first_gone(looks: tuple[Looked, ...]) -> datetime | None:
    return next((look.at for look in looks if look.found == "gone"), None)


def _next_change(intent: Intended, history: History) -> Intended | None:
    """The next change of a resource of this name: what is changed anew was there again."""
    later = (
        entry
        for entry in history.entries
        if isinstance(entry, Intended) and entry.ref == intent.ref and entry.turn > intent.turn
    )
    return next((entry for entry in later if entry.verb in UNDO), None)


def _last_proof(
    looks: tuple[Looked, ...], ended_at: datetime | None, horizon: datetime
) -> datetime | None:
    """The last moment at which the resource was seen to be gone and still counted."""
    seen = [look.at for look in looks if look.found == "gone"]
    counted = [at for at in seen if ended_at is None or at <= ended_at]
    return min(max(counted), horizon) if counted else None


def _accrued(monthly: Money | None, since: datetime | None, until: datetime | None) -> Money | None:
    if monthly is None or since is None or until is None:
        return None
    seconds = Decimal(max(0, int((until - since).total_seconds())))
    accrued = monthly.amount * seconds / _SECONDS_PER_MONTH
    return replace(monthly, amount=accrued.quantize(_MICRO, ROUND_DOWN))


def _runs(saving: Saving, now: datetime, history: History) -> bool:
    """Whether a saving still counts: verified, not ended, within its horizon, seen gone last.

    An undo that failed half way may have brought it back, so it has to be looked for again.
    """
    if saving.verified_at is None or saving.ended_at is not None or now > saving.horizon:
        return False
    last = history.looks(saving.change_id)[-1]
    return last.found == "gone" and not any(
        isinstance(one, Intended) and one.ref == saving.ref and one.at >= last.at
        for one in history.entries
    )
