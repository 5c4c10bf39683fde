"""The rows of a report: what the page, the CSV files and the charts all show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hygiene.model.money import Money, total
from hygiene.model.plan import Change, Status
from hygiene.model.report import Report, Saving
from hygiene.model.resource import Labels, ResourceRef

SavingState = Literal["saving", "unverified", "ended", "past horizon"]
"""Only `saving` saves now. What is unverified was done, but no later look has proven it."""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One change of the plan. `saving` says what became of it, where it was made."""

    ref: ResourceRef
    change_id: str
    check: str
    policy: str
    status: Status
    saving: SavingState | None
    email: str | None
    team: str | None
    monthly: Money | None
    since: datetime
    due: datetime
    announced: bool
    reason: str
    held_because: str | None
    evidence: Labels

    @property
    def stage(self) -> str:
        """What a person wants to know first: is it done, may it be done, or why not yet."""
        if self.saving == "saving":
            return "saved"
        return "done" if self.saving in ("unverified", "past horizon") else self.status

    @property
    def bearer(self) -> str:
        """Who bears the cost: the team, else the owner."""
        return self.team or self.email or "nobody named"


@dataclass(frozen=True, slots=True)
class SavingRow:
    """One change that was made, and what it is worth at the report's time."""

    saving: Saving
    state: SavingState


@dataclass(frozen=True, slots=True)
class Balance:
    """Monthly list prices: what the findings cost before and after the savings that are proven.

    None where nothing on that side is priced.
    """

    before: Money | None
    saved: Money | None
    left: Money | None


def finding_rows(report: Report) -> tuple[FindingRow, ...]:
    """Every change of the plan, dearest first, unpriced last."""
    held = {one.change.id: one.reason for one in report.plan.held}
    states = {row.saving.change_id: row.state for row in saving_rows(report)}
    return tuple(
        _finding_row(report, change, held.get(change.id), states.get(change.id))
        for change in report.plan.everything
    )


def saving_rows(report: Report) -> tuple[SavingRow, ...]:
    """Every change that was made, in the report's order."""
    return tuple(SavingRow(one, _state(one, report.at)) for one in report.savings)


def balance(report: Report) -> Balance:
    """What idles before and after the savings that are proven."""
    left = total(row.monthly for row in finding_rows(report) if row.saving != "saving")
    return Balance(total((left, report.saved_monthly)), report.saved_monthly, left)


def _finding_row(
    report: Report, change: Change, held_because: str | None, saving: SavingState | None
) -> FindingRow:
    finding = change.finding
    return FindingRow(
        ref=change.ref,
        change_id=change.id,
        check=finding.check,
        policy=finding.policy,
        status=report.plan.status(change),
        saving=saving,
        email=finding.owner.email,
        team=finding.owner.team,
        monthly=finding.monthly,
        since=finding.breach.since,
        due=change.due,
        announced=change.announced_at is not None,
        reason=finding.breach.reason,
        held_because=held_because,
        evidence=finding.breach.evidence,
    )


def _state(saving: Saving, at: datetime) -> SavingState:
    if saving.ended_at is not None:
        return "ended"
    if saving.verified_at is None:
        return "unverified"
    return "past horizon" if saving.horizon <= at else "saving"
