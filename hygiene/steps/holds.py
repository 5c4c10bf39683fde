"""What keeps a change from being made, whatever the hour: shared by plan, guard and apply."""

from __future__ import annotations

from datetime import datetime, timedelta

from hygiene.model.entry import Noticed
from hygiene.model.history import History
from hygiene.model.plan import Change, Survey
from hygiene.model.resource import Hosting, ResourceRef
from hygiene.rules import Rules

_NOISE = 2
"""A population that moves by so few is not odd, however small it is."""

MEMORY = timedelta(days=7)
"""A population is compared with every count of these days: what was odd yesterday still is."""


def lasting_hold(change: Change, rules: Rules) -> str | None:
    """Why no change can follow from waiting alone; None where one can."""
    finding, policy = change.finding, rules.policy(change.finding.policy)
    if policy is None:
        return f"there is no policy {finding.policy} any more"
    if finding.conflict:
        return f"claimed by several policies: {', '.join(finding.conflict)}; narrow their scopes"
    if finding.breach.certainty != "proven":
        return "suspected, not proven: the owner is asked"
    hosting = finding.resource.hosting
    if isinstance(hosting, Hosting) and hosting.no_undo:
        return f"it could not be undone: {hosting.no_undo}"
    if policy.mode != "enforce":
        return f"policy {policy.name} is in mode {policy.mode}: nothing is changed"
    account = rules.estate.account(change.ref.account)
    if account is None or not account.writable:
        return f"account {change.ref.account} is not writable in the estate"
    return None


def stopped_hold(history: History) -> str | None:
    """Who threw the kill switch, and why; None where nobody did."""
    stopped = history.stopped
    return f"stopped by {stopped.by}: {stopped.reason}" if stopped else None


def snoozed_hold(ref: ResourceRef, history: History, now: datetime) -> str | None:
    """Until when somebody asked to leave a resource alone; None where nobody did."""
    snoozed = history.snoozed(ref, now)
    return f"snoozed until {snoozed.until:%Y-%m-%d} by {snoozed.by}" if snoozed else None


def odd_scan(change: Change, survey: Survey, history: History, rules: Rules) -> str | None:
    """Why the scan behind a change is not to be trusted; None where it is."""
    place, kind = change.ref.place, change.ref.kind
    for gap in survey.gaps:
        if gap.ref is None and gap.place == place:
            return f"the scan of {gap.place} has a gap: {gap.what}: {gap.reason}"
    now = sum(one.count for one in survey.populations if (one.place, one.kind) == (place, kind))
    for before in history.populations(place, kind, survey.run_id, survey.at - MEMORY):
        moved = abs(now - before.population)
        if moved > _NOISE and moved > rules.estate.population_swing * before.population:
            return (
                f"the number of {kind}s in {place} went from {before.population} to {now} "
                f"since {before.at:%Y-%m-%d}"
            )
    return None


def announcement(
    change_id: str, grace_days: int, history: History
) -> tuple[Noticed, datetime] | None:
    """The delivered notice that named a date, and when its grace period ends.

    A later notice without a date took it back: its owner read that nothing will be changed. A
    grace that was lengthened since then holds; one that was shortened does not bring the
    announced date nearer.
    """
    first: tuple[Noticed, datetime] | None = None
    for notice in history.notices(change_id):
        if notice.due is None:
            first = None
        elif first is None:
            first = notice, notice.due
    if first is None:
        return None
    notice, due = first
    return notice, max(due, notice.at + timedelta(days=grace_days))
