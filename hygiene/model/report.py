"""What a run proves: the rows of the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hygiene.model.money import Money
from hygiene.model.plan import Plan
from hygiene.model.resource import ResourceRef


@dataclass(frozen=True, slots=True)
class Saving:
    """One change that was made. Only while `verified_at` is set and `ended_at` is not does it save.

    `so_far` has accrued between `verified_at` and the earliest of `ended_at`, `horizon` and the
    report's own time. `monthly` and `so_far` are None where the resource is unpriced.
    """

    change_id: str
    ref: ResourceRef
    check: str
    policy: str
    owner: str
    done_at: datetime
    verified_at: datetime | None
    ended_at: datetime | None
    ended_because: str
    horizon: datetime
    monthly: Money | None
    so_far: Money | None


@dataclass(frozen=True, slots=True)
class Report:
    """A plan, and every saving the ledger can prove at `at`."""

    at: datetime
    plan: Plan
    savings: tuple[Saving, ...]
    saved_monthly: Money | None
    saved_so_far: Money | None
