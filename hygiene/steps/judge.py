"""judge: what breaks a rule, and what may break it."""

from __future__ import annotations

from datetime import datetime

from hygiene.checks import load_check
from hygiene.estate import TagNames
from hygiene.model.finding import (
    Breach,
    Exempt,
    Finding,
    Fine,
    Judgement,
    Owner,
    Unknown,
    UnknownResource,
)
from hygiene.model.resource import Gap, Labels, Resource, Scan
from hygiene.policy import Policy
from hygiene.rules import Rules, covers
from hygiene.steps.price import monthly

Assessment = Finding | Exempt | UnknownResource | Fine

_NOT_KEPT = frozenset({"false", "no", "0"})


def judge(scan: Scan, policy: Policy, rules: Rules, now: datetime) -> Judgement:
    """Judges every resource of a scan by the policy that asked for it."""
    assessed = tuple(assess(resource, policy, rules, now) for resource in scan.resources)
    return Judgement(
        findings=tuple(one for one in assessed if isinstance(one, Finding)),
        unknown=tuple(one for one in assessed if isinstance(one, UnknownResource)),
        exempt=tuple(one for one in assessed if isinstance(one, Exempt)),
        population=len(scan.resources),
    )


def assess(resource: Resource, policy: Policy, rules: Rules, now: datetime) -> Assessment:
    """What one policy says of one resource, its scope and exemptions included."""
    check = load_check(policy.check)
    ref = resource.ref
    verdict = check.judge(resource, policy.settings, now)
    if isinstance(verdict, Fine):
        return verdict
    if isinstance(verdict, Unknown):
        return UnknownResource(ref, check.id, verdict.reason)
    if isinstance(resource.labels, Gap):
        return UnknownResource(
            ref, check.id, f"its tags could not be read: {resource.labels.reason}"
        )
    if resource.labels is None:
        return UnknownResource(ref, check.id, "its tags were not read")
    if not covers(policy.scope, ref.place, resource.labels):
        return Fine(f"outside the scope of policy {policy.name}")
    exempt = exemption(ref.id, resource.labels, policy, rules.estate.tags, now)
    if exempt:
        return Exempt(ref, check.id, exempt)
    return _finding(resource, resource.labels, verdict, policy, rules)


def _finding(
    resource: Resource, labels: Labels, breach: Breach, policy: Policy, rules: Rules
) -> Finding:
    claims = tuple(
        one.name
        for one in rules.policies
        if one.check == policy.check and covers(one.scope, resource.ref.place, labels)
    )
    return Finding(
        resource=resource,
        check=policy.check,
        policy=policy.name,
        breach=breach,
        monthly=monthly(resource, rules.rates),
        owner=owner_of(labels, rules.estate.tags),
        conflict=claims if len(claims) > 1 else (),
    )


def owner_of(labels: Labels, names: TagNames) -> Owner:
    """Whom the tags name. An owner tag that is no e-mail address names nobody."""
    tags = dict(labels)
    email = tags.get(names.owner, "").strip()
    team = tags.get(names.team, "").strip()
    return Owner(email if "@" in email else None, team or None)


def exemption(
    resource_id: str, labels: Labels, policy: Policy, names: TagNames, now: datetime
) -> str | None:
    """By what right a resource may break the rule; None where it may not.

    What protects is compared without regard to case: a tag `Keep` was meant as `keep`, and an ARN
    that a person wrote with the name's own capitals as the cloud's, which may have none.
    """
    # Pairs, not a dictionary: of `keep` and `Keep` side by side, the one that protects counts.
    tags = {(key.casefold(), value.strip().casefold()) for key, value in labels}
    if any(key == names.keep.casefold() and value not in _NOT_KEPT for key, value in tags):
        return f"it is tagged {names.keep}"
    for key, values in names.production.items():
        for value in values:
            if (key.casefold(), value.casefold()) in tags:
                return f"it is a production deployment (tag {key} is {value})"
    for one in policy.exemptions:
        if one.resource.casefold() == resource_id.casefold() and now.date() <= one.until:
            return f"exempt until {one.until} by {one.by}: {one.reason}"
    return None
