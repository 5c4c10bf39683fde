"""A plan as the JSON document `hygiene.plan/1`, for machines and for later reading."""

from __future__ import annotations

from typing import Literal, TypedDict

from hygiene.model.finding import Owner, UnknownResource
from hygiene.model.money import Money
from hygiene.model.plan import Change, Plan, Status
from hygiene.model.resource import Gap
from hygiene.report.wording import instant

SCHEMA: Literal["hygiene.plan/1"] = "hygiene.plan/1"


class ChangeDocument(TypedDict):
    """One change. Times are ISO 8601 in UTC with a Z; amounts are decimal strings."""

    id: str
    check: str
    cloud: str
    account: str
    region: str
    kind: str
    resource: str
    verb: str
    owner: str | None
    monthly_usd: str | None
    since: str
    reason: str
    due: str
    status: Status
    held_because: str | None


class UnknownDocument(TypedDict):
    """One resource of which nobody can tell."""

    check: str
    cloud: str
    account: str
    region: str
    kind: str
    resource: str
    reason: str


class GapDocument(TypedDict):
    """One place that could not be read."""

    cloud: str
    account: str
    region: str
    what: str
    reason: str


class TotalsDocument(TypedDict):
    """`monthly_usd` sums every priced change, held ones too; None: changes, but none is priced."""

    monthly_usd: str | None
    unpriced: int


class PlanDocument(TypedDict):
    """The whole plan."""

    schema: str
    plan_id: str
    digest: str
    made_at: str
    changes: list[ChangeDocument]
    unknown: list[UnknownDocument]
    gaps: list[GapDocument]
    totals: TotalsDocument


def plan_document(plan: Plan) -> PlanDocument:
    """The document of a plan, ready for `json.dumps`; changes come dearest first."""
    return {
        "schema": SCHEMA,
        "plan_id": plan.id,
        "digest": plan.digest,
        "made_at": instant(plan.made_at),
        "changes": [_change(plan, change) for change in plan.everything],
        "unknown": [_unknown(one) for one in plan.unknown],
        "gaps": [gap_document(gap) for gap in plan.gaps],
        "totals": {"monthly_usd": _total(plan), "unpriced": plan.unpriced},
    }


def _change(plan: Plan, change: Change) -> ChangeDocument:
    ref, finding = change.ref, change.finding
    return {
        "id": change.id,
        "check": finding.check,
        "cloud": ref.cloud,
        "account": ref.account,
        "region": ref.region,
        "kind": ref.kind,
        "resource": ref.id,
        "verb": change.verb,
        "owner": _owner(finding.owner),
        "monthly_usd": _decimal(finding.monthly),
        "since": instant(finding.breach.since),
        "reason": finding.breach.reason,
        "due": instant(change.due),
        "status": plan.status(change),
        "held_because": next(
            (held.reason for held in plan.held if held.change.id == change.id), None
        ),
    }


def _unknown(one: UnknownResource) -> UnknownDocument:
    return {
        "check": one.check,
        "cloud": one.ref.cloud,
        "account": one.ref.account,
        "region": one.ref.region,
        "kind": one.ref.kind,
        "resource": one.ref.id,
        "reason": one.reason,
    }


def gap_document(gap: Gap) -> GapDocument:
    """The document of a gap."""
    return {
        "cloud": gap.place.cloud,
        "account": gap.place.account,
        "region": gap.place.region,
        "what": gap.what,
        "reason": gap.reason,
    }


def _owner(owner: Owner) -> str | None:
    return owner.email or owner.team or None


def _decimal(money: Money | None) -> str | None:
    return f"{money.cents:.2f}" if money is not None else None


def _total(plan: Plan) -> str | None:
    """Nothing found costs nothing; something found without a price is not known to."""
    if plan.monthly is None and not plan.unpriced:
        return "0.00"
    return _decimal(plan.monthly)
