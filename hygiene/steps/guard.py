"""guard: what may be done now. The only room that makes a `Cleared`.

Every question here is closed by default: what is missing, malformed or contradictory holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hygiene.model.history import History
from hygiene.model.plan import Change, Cleared, Held, Plan
from hygiene.policy import Calendar
from hygiene.rules import Rules
from hygiene.steps.budget import over_budget
from hygiene.steps.holds import (
    announcement,
    lasting_hold,
    odd_scan,
    snoozed_hold,
    stopped_hold,
)

CLEARANCE = timedelta(minutes=30)
"""How long a clearance holds: after that the hour, the budgets and the switch are asked again."""

PLAN_AGE = timedelta(hours=24)
"""An older plan is made anew; only a person's approval, with its own end, lets it live longer."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Ask:
    """What a run asks of the guard.

    `writes` is the third lock. `digest` names the plan that was shown: another one is refused.
    `approval`: whether a person's approval is needed always (a campaign), or over budget only.
    """

    writes: bool
    digest: str
    approval: Literal["always", "over budget"] = "over budget"


def guard(
    plan: Plan, ask: Ask, history: History, rules: Rules, now: datetime
) -> tuple[Cleared | Held, ...]:
    """Says of every change of a plan whether it may be made now; held ones stay held."""
    closed = _closed(plan, ask, history, rules, now)
    if closed:
        return (*plan.held, *(Held(change, closed) for change in plan.changes))
    verdicts: list[Cleared | Held] = list(plan.held)
    ready: list[Change] = []
    for change in plan.changes:
        reason = _not_now(change, plan, history, rules, now)
        if reason is None:
            ready.append(change)
        else:
            verdicts.append(Held(change, reason))
    return (*verdicts, *_within_budget(tuple(ready), plan, history, rules, now))


def _closed(plan: Plan, ask: Ask, history: History, rules: Rules, now: datetime) -> str | None:
    """Why nothing of the plan may be done."""
    if not ask.writes:
        return "this run does not ask to write (dry run)"
    if ask.digest != plan.digest:
        return f"the plan is not the one that was shown: {ask.digest[:19]} was asked for"
    if rules.estate.kill_switch:
        return "the kill switch of the estate is on"
    stopped = stopped_hold(history)
    if stopped:
        return stopped
    approved = history.approved(plan.digest, now)
    if ask.approval == "always" and not approved:
        return f"nobody has approved {plan.digest[:19]}"
    if now - plan.made_at > PLAN_AGE and not approved:
        return f"the plan is of {plan.made_at:%Y-%m-%d %H:%M}: make it anew, or approve it"
    outside = _outside(rules.estate.calendar, now, "the estate")
    if outside:
        return outside
    # A day is frozen in the estate's own time zone, and in UTC, in which all else is shown.
    today = {now.date(), now.astimezone(ZoneInfo(rules.estate.calendar.timezone)).date()}
    for freeze in rules.estate.freezes:
        if any(freeze.since <= day <= freeze.until for day in today):
            return f"frozen until {freeze.until}: {freeze.reason}"
    return None


def _outside(calendar: Calendar, now: datetime, whose: str) -> str | None:
    """Why a calendar is closed at this hour. A window may reach over midnight."""
    try:
        local = now.astimezone(ZoneInfo(calendar.timezone))
    except (ZoneInfoNotFoundError, ValueError):
        return f"the calendar of {whose} has no time zone {calendar.timezone!r}"
    clock, first, last = local.time(), calendar.not_before, calendar.not_after
    open_now = first <= clock <= last if first <= last else clock >= first or clock <= last
    if _DAYS[local.weekday()] in calendar.days and open_now:
        return None
    return f"outside the calendar of {whose} ({local:%a %H:%M} {calendar.timezone})"


def _not_now(
    change: Change, plan: Plan, history: History, rules: Rules, now: datetime
) -> str | None:
    """Why this one change may not be done now; its budget is asked later."""
    lasting = lasting_hold(change, rules)
    if lasting:
        return lasting
    policy = rules.policy(change.finding.policy)
    assert policy is not None, "lasting_hold holds a change without a policy"  # noqa: S101
    snoozed = snoozed_hold(change.ref, history, now)
    if snoozed:
        return snoozed
    told = announcement(change.id, policy.grace_days, history)
    if told is None:
        return "its owner has not been told"
    if now < told[1]:
        return f"announced, due on {told[1]:%Y-%m-%d %H:%M} UTC"
    if any(intent.ref == change.ref for intent in history.open_intents()):
        return "another run is at it, or ended within: it is settled first"
    if _already_done(change, history):
        return "it has been done"
    if not history.overridden(change.id, now):
        odd = odd_scan(change, plan.survey, history, rules)
        if odd:
            return odd
    return _outside(policy.calendar, now, f"policy {policy.name}")


def _already_done(change: Change, history: History) -> bool:
    return any(
        intent.change_id == change.id and intent.verb == change.verb for intent, _ in history.done()
    )


def _within_budget(
    ready: tuple[Change, ...], plan: Plan, history: History, rules: Rules, now: datetime
) -> tuple[Cleared | Held, ...]:
    """Clears what is ready. Over any budget, all of it waits for an approval of the digest.

    An override lets its one change pass by itself, outside the sum.
    """
    approved = history.approved(plan.digest, now)
    until = now + CLEARANCE
    if approved:
        return tuple(Cleared(change, f"approved by {approved.by}", until) for change in ready)
    verdicts: list[Cleared | Held] = []
    counted: list[Change] = []
    for change in ready:
        override = history.overridden(change.id, now)
        if override:
            verdicts.append(Cleared(change, f"override by {override.by}", until))
        elif change.finding.monthly is None:
            verdicts.append(
                Held(change, "unpriced: no dollar budget can cover it; approve or override it")
            )
        else:
            counted.append(change)
    over = over_budget(tuple(counted), plan.populations, history, rules, now)
    if over:
        reason = f"{over}; approve {plan.digest[:19]} to let the whole plan pass"
        return (*verdicts, *(Held(change, reason) for change in counted))
    within = (Cleared(change, "within every budget", until, plan.populations) for change in counted)
    return (*verdicts, *within)
