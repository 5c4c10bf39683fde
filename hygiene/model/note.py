"""What people are told. Rooms that render (Slack, terminal) take these values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hygiene.model.finding import Owner
from hygiene.model.money import Money
from hygiene.model.plan import Mode, Status
from hygiene.model.resource import ResourceRef


@dataclass(frozen=True, slots=True)
class NoteItem:
    """One change as a message shows it. `due` None: nothing was announced, the owner is asked."""

    change_id: str
    check: str
    ref: ResourceRef
    owner: Owner
    status: Status
    reason: str
    monthly: Money | None
    mode: Mode
    due: datetime | None
    held_because: str | None


@dataclass(frozen=True, slots=True)
class OwnerNote:
    """One message to one owner about all that is new to them. `key` is never delivered twice."""

    key: str
    owner: Owner
    items: tuple[NoteItem, ...]


@dataclass(frozen=True, slots=True)
class DigestNote:
    """One message a run to the channel. Counts are of changes; `items` are the dearest."""

    key: str
    plan_id: str
    digest: str
    made_at: datetime
    found: int
    monthly: Money | None
    unpriced: int
    due: int
    waiting: int
    held: int
    exempt: int
    unknown: int
    gaps: tuple[str, ...]
    done: int
    saved_monthly: Money | None
    saved_so_far: Money | None
    items: tuple[NoteItem, ...]


@dataclass(frozen=True, slots=True)
class FailureNote:
    """Something of the bot itself failed."""

    key: str
    where: str
    reason: str


Note = OwnerNote | DigestNote | FailureNote


@dataclass(frozen=True, slots=True)
class Delivered:
    """The message arrived: in which channel, and the message's id there."""

    at: datetime
    channel: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The message did not arrive."""

    reason: str


Delivery = Delivered | Undelivered
