"""plan: what would be done, and when."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from hygiene.checks import load_check
from hygiene.model.entry import Noticed, Withdrawn
from hygiene.model.finding import Finding, Judgement, UnknownResource
from hygiene.model.history import History
from hygiene.model.plan import Change, Held, Plan, Population, Survey, change_id, digest_of
from hygiene.model.resource import Gap, ResourceRef, Scan
from hygiene.rules import Rules
from hygiene.steps.holds import announcement, lasting_hold, odd_scan, snoozed_hold

Judged = tuple[tuple[Scan, Judgement], ...]
"""Every scan of a run with what its policy says of it."""


def plan(run_id: str, judged: Judged, history: History, rules: Rules, now: datetime) -> Plan:
    """One plan of everything that a run found."""
    gaps = tuple(dict.fromkeys(gap for scan, _ in judged for gap in scan.gaps))
    survey = Survey(run_id, now, gaps, _populations(judged))
    changes: list[Change] = []
    held: list[Held] = []
    for finding in _one_each(judged):
        change = _change(finding, history, rules, now)
        hold = _hold(change, survey, history, rules, now)
        if hold is None:
            changes.append(change)
        else:
            held.append(hold)
    unknown = (one for _, judgement in judged for one in judgement.unknown)
    exempt = (one for _, judgement in judged for one in judgement.exempt)
    return Plan(
        id=_plan_id(run_id, now, (*changes, *(one.change for one in held))),
        run_id=run_id,
        made_at=now,
        changes=tuple(changes),
        held=tuple(held),
        unknown=tuple(dict.fromkeys((*unknown, *_unseen(judged, gaps, history)))),
        exempt=tuple(dict.fromkeys(exempt)),
        gaps=gaps,
        populations=survey.populations,
    )


def withdrawn(made: Plan, judged: Judged, history: History) -> tuple[Withdrawn, ...]:
    """What was announced and is not so any more: its resource was seen, and judged otherwise.

    Only for a run over everything: a narrowed one leaves out what it was not asked for.
    """
    unknown = {(one.ref, one.check) for one in made.unknown}
    seen = {resource.ref for scan, _ in judged for resource in scan.resources}
    still = {change.id for change in made.everything}
    noticed = {entry.change_id: entry for entry in history.entries if isinstance(entry, Noticed)}
    return tuple(
        Withdrawn(made.made_at, made.run_id, change, entry.ref, entry.check)
        for change, entry in noticed.items()
        if change not in still
        and entry.ref in seen
        and (entry.ref, entry.check) not in unknown
        and history.notices(change)
    )


def _plan_id(run_id: str, now: datetime, changes: tuple[Change, ...]) -> str:
    content = hashlib.sha256(f"{run_id} {digest_of(changes)}".encode()).hexdigest()
    return f"plan-{now:%Y%m%dT%H%M%SZ}-{content[:8]}"


def _one_each(judged: Judged) -> tuple[Finding, ...]:
    """One finding a check and resource: where policies compete, the first one speaks."""
    first: dict[tuple[str, ResourceRef], Finding] = {}
    for _, judgement in judged:
        for finding in judgement.findings:
            first.setdefault((finding.check, finding.resource.ref), finding)
    return tuple(first[key] for key in sorted(first))


def _populations(judged: Judged) -> tuple[Population, ...]:
    counts: dict[tuple[object, str], Population] = {}
    for scan, judgement in judged:
        counts[scan.place, scan.kind] = Population(scan.place, scan.kind, judgement.population)
    return tuple(counts.values())


def _change(finding: Finding, history: History, rules: Rules, now: datetime) -> Change:
    check, resource = load_check(finding.check), finding.resource
    policy = rules.policy(finding.policy)
    grace_days = policy.grace_days if policy else 0
    change = change_id(finding, check.verb, resource.fingerprint)
    told = announcement(change, grace_days, history)
    return Change(
        id=change,
        ref=resource.ref,
        verb=check.verb,
        finding=finding,
        fingerprint=resource.fingerprint,
        mode=policy.mode if policy else "report",
        announced_at=told[0].at if told else None,
        due=told[1] if told else now + timedelta(days=grace_days),
    )


def _hold(
    change: Change, survey: Survey, history: History, rules: Rules, now: datetime
) -> Held | None:
    lasting = lasting_hold(change, rules)
    if lasting:
        return Held(change, lasting, lasting=True)
    snoozed = snoozed_hold(change.ref, history, now)
    if snoozed:
        return Held(change, snoozed)
    if history.overridden(change.id, now):
        return None
    odd = odd_scan(change, survey, history, rules)
    return Held(change, odd) if odd else None


def _unseen(judged: Judged, gaps: tuple[Gap, ...], history: History) -> tuple[UnknownResource, ...]:
    """Resources that people were told of and that lie where this run could not read."""
    seen = {resource.ref for scan, _ in judged for resource in scan.resources}
    dark = {gap.place: gap for gap in gaps if gap.ref is None}
    told = {
        (entry.ref, entry.check): dark[entry.ref.place]
        for entry in history.entries
        if isinstance(entry, Noticed) and entry.ref.place in dark and entry.ref not in seen
    }
    gone = {intent.ref for intent, _ in history.done()}
    return tuple(
        UnknownResource(ref, check, f"{gap.what}: {gap.reason}")
        for (ref, check), gap in told.items()
        if ref not in gone
    )
