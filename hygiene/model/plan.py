"""What would be done, when, and what became of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hygiene.model.finding import Exempt, Finding, UnknownResource
from hygiene.model.money import Money, total
from hygiene.model.resource import Gap, Place, ResourceRef

Verb = Literal["delete_endpoint"]
Mode = Literal["report", "notify", "enforce"]
Status = Literal["due", "waiting", "held"]

UNDO: dict[str, str] = {"delete_endpoint": "create_endpoint"}
"""What the undo of a verb is called in the ledger and in reports."""


@dataclass(frozen=True, slots=True)
class Change:
    """One write that would mend one finding.

    The id is derived from check, resource, verb, fingerprint and owner, so that a notice binds to
    exactly what it announced: another fingerprint or owner is another change, and waits anew.
    `due` is when it may happen at the earliest; `announced_at` is None until a notice that named
    `due` was delivered.
    """

    id: str
    ref: ResourceRef
    verb: Verb
    finding: Finding
    fingerprint: str
    mode: Mode
    announced_at: datetime | None
    due: datetime


def change_id(finding: Finding, verb: Verb, fingerprint: str) -> str:
    """A short stable id for this very change of this very resource, told to this very owner."""
    facts = (finding.check, finding.resource.ref, verb, fingerprint, finding.owner)
    return "chg-" + hashlib.sha256(repr(facts).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Held:
    """A change that is not made, and why.

    `lasting`: it cannot follow from waiting alone, so no date is announced to the owner.
    """

    change: Change
    reason: str
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Population:
    """How many resources of a kind a place held when a plan was made."""

    place: Place
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Survey:
    """How well a run could see: what a change's scan is trusted by."""

    run_id: str
    at: datetime
    gaps: tuple[Gap, ...]
    populations: tuple[Population, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that one run found. A change is either in `changes` (waiting or due) or in `held`."""

    id: str
    run_id: str
    made_at: datetime
    changes: tuple[Change, ...]
    held: tuple[Held, ...]
    unknown: tuple[UnknownResource, ...]
    exempt: tuple[Exempt, ...]
    gaps: tuple[Gap, ...]
    populations: tuple[Population, ...]

    @property
    def survey(self) -> Survey:
        return Survey(self.run_id, self.made_at, self.gaps, self.populations)

    @property
    def digest(self) -> str:
        """What an approval binds to: all that is shown, but not the time at which it was made."""
        return digest_of(self.changes, tuple(one.change for one in self.held))

    def status(self, change: Change) -> Status:
        """Whether a change of this plan was due when the plan was made."""
        if any(held.change.id == change.id for held in self.held):
            return "held"
        return "due" if change.announced_at and change.due <= self.made_at else "waiting"

    @property
    def everything(self) -> tuple[Change, ...]:
        """All changes, the held ones too, dearest first, unpriced last."""
        both = (*self.changes, *(held.change for held in self.held))
        return tuple(sorted(both, key=_dearest_first))

    @property
    def monthly(self) -> Money | None:
        """What all findings cost a month, as far as they are priced."""
        return total(change.finding.monthly for change in self.everything)

    @property
    def unpriced(self) -> int:
        return sum(change.finding.monthly is None for change in self.everything)


def _dearest_first(change: Change) -> tuple[bool, object, str]:
    monthly = change.finding.monthly
    return (monthly is None, -monthly.amount if monthly else 0, change.id)


def digest_of(changes: Iterable[Change], held: Iterable[Change] = ()) -> str:
    """SHA-256 over changes and held ones in a canonical form, as `sha256:<64 hex digits>`."""
    rows = sorted([*map(_row, changes), *([*_row(one), "held"] for one in held)], key=str)
    canonical = json.dumps(rows, separators=(",", ":"), ensure_ascii=True)
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def _row(change: Change) -> list[str | None]:
    return [
        change.id,
        change.ref.id,
        change.verb,
        change.fingerprint,
        change.finding.check,
        change.finding.policy,
        change.mode,
        str(change.finding.monthly.cents) if change.finding.monthly else None,
    ]


@dataclass(frozen=True, slots=True)
class Cleared:
    """A change that may be made now, and until when. Only `hygiene.steps.guard` makes one.

    `budget` says which room it was given. `populations` are what its budgets were reckoned with,
    and are again right before the write; None where a person let it pass them.
    """

    change: Change
    budget: str
    until: datetime
    populations: tuple[Population, ...] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The cloud accepted the write. Not yet a saving: that needs `Verified`."""

    change: Change
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """The last look found something else than what was announced; nothing was written."""

    change: Change
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The write was refused, or nobody knows if it happened: the next run looks and settles."""

    change: Change
    reason: str


Outcome = Done | Moved | Failed


@dataclass(frozen=True, slots=True)
class Preimage:
    """What an undo needs, as the cloud's own JSON: read only by the writer that wrote it."""

    ref: ResourceRef
    body: str


@dataclass(frozen=True, slots=True)
class Written:
    """The cloud accepted a write."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The cloud refused a write: nothing was changed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A write was sent and no clear answer came: it may have happened."""

    reason: str


WriteResult = Written | Refused | Unanswered
