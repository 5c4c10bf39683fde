"""What the ledger remembers: entries are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hygiene.model.money import Money
from hygiene.model.resource import Place, ResourceRef


@dataclass(frozen=True, slots=True)
class Counted:
    """A complete scan counted the resources of a kind in a place."""

    at: datetime
    run_id: str
    place: Place
    kind: str
    population: int


@dataclass(frozen=True, slots=True)
class Noticed:
    """The owner was told, and the message was delivered. `due` None: no change was announced."""

    at: datetime
    change_id: str
    ref: ResourceRef
    check: str
    due: datetime | None
    told: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A run found in order what had been announced: it has to be announced anew from here on.

    The owner was told "unless it is used again or you keep it", and one of the two was so.
    """

    at: datetime
    run_id: str
    change_id: str
    ref: ResourceRef
    check: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A message was delivered; its key is never delivered again."""

    at: datetime
    key: str
    channel: str
    message_id: str


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """A message could not be delivered: no grace period starts."""

    at: datetime
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Approved:
    """A person approved the plan with this digest, until a date."""

    at: datetime
    digest: str
    by: str
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Snoozed:
    """A person asked to leave a resource alone until a date."""

    at: datetime
    ref: ResourceRef
    by: str
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Overridden:
    """A person let one change pass its budget, population or gap hold, until a date."""

    at: datetime
    change_id: str
    by: str
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Stopped:
    """The kill switch was thrown: nothing is written until somebody resumes."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The kill switch was taken back."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Intended:
    """A write is about to be sent. Open until a `Settled` with the same `ref` and `turn` follows.

    `turn` counts the intents of a resource: the database refuses a second one with the same turn,
    and a new turn starts only when the last one is settled. After `until` its worker no longer
    writes. `preimage` is what the undo needs. `verb` is a verb of a plan, or of an undo.
    """

    at: datetime
    run_id: str
    ref: ResourceRef
    turn: int
    change_id: str
    check: str
    policy: str
    verb: str
    until: datetime
    preimage: str
    owner: str
    monthly: Money | None


@dataclass(frozen=True, slots=True)
class Busy:
    """Not an entry: the answer to an intent where another one is still open."""

    by: Intended


SettledAs = Literal["done", "vanished", "moved", "failed"]
"""`vanished`: the resource was gone when a later run looked; by whose hand, nobody knows."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an intent."""

    at: datetime
    run_id: str
    ref: ResourceRef
    turn: int
    change_id: str
    verb: str
    outcome: SettledAs
    reason: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A later look at a changed resource. A saving counts while the newest look says `gone`."""

    at: datetime
    run_id: str
    ref: ResourceRef
    change_id: str
    found: Literal["gone", "there", "unreadable"]
    reason: str


Entry = (
    Counted
    | Noticed
    | Withdrawn
    | Posted
    | NotDelivered
    | Approved
    | Snoozed
    | Overridden
    | Stopped
    | Resumed
    | Intended
    | Settled
    | Looked
)
