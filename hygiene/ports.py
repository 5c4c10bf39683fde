"""What the steps need of the outside world."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Protocol

from hygiene.model.entry import Busy, Entry, Intended, Settled
from hygiene.model.history import History
from hygiene.model.money import Money
from hygiene.model.note import Delivery, Note
from hygiene.model.plan import Plan, Preimage, WriteResult
from hygiene.model.resource import Cloud, Gap, Gone, Place, Resource, ResourceRef, Scan, Window


class Clock(Protocol):
    """The time now, aware and in UTC."""

    def __call__(self) -> datetime: ...


class Reader(Protocol):
    """Reads one kind in one place, with credentials that cannot write."""

    def scan(
        self, window: Window, at_most: Decimal
    ) -> tuple[tuple[Resource, ...], tuple[Gap, ...]]:
        """All resources of the kind with their use in the window, and what could not be read.

        Details of a resource that was used more than `at_most` times are left unread.
        Never raises for the cloud's sake: a failure is a `Gap`.
        """
        ...

    def look(self, ref: ResourceRef, window: Window) -> Resource | Gone | Gap:
        """One resource, all of it, now. `Gone` only where the cloud says that it is not there."""
        ...

    def preimage(self, ref: ResourceRef) -> Preimage | Gap:
        """What the undo of a change needs; a Gap where any part of it is missing or unreadable."""
        ...


class Writer(Protocol):
    """Changes one kind in one place. One call sends one write, at most once (no retries)."""

    def write(self, verb: str, ref: ResourceRef) -> WriteResult:
        """Carries out a verb of a plan."""
        ...

    def undo(self, verb: str, preimage: Preimage) -> WriteResult:
        """Takes back what `verb` did; may send several writes, each of them repeatable."""
        ...


class Readers(Protocol):
    """Finds the reader for a kind in a place."""

    def __call__(self, place: Place, kind: str) -> Reader | Gap: ...


class Writers(Protocol):
    """Finds the writer for a kind in a place."""

    def __call__(self, place: Place, kind: str) -> Writer | Gap: ...


class Messenger(Protocol):
    """Tells people."""

    def tell(self, note: Note) -> Delivery:
        """Delivers a note, or finds that a note with its key was delivered before."""
        ...


class Rates(Protocol):
    """Looks up dated prices."""

    def hourly(self, cloud: Cloud, kind: str, region: str, instance_type: str) -> Money | None:
        """On-demand price of one instance behind a resource of this kind for one hour.

        None where no dated price is known.
        """
        ...


class Ledger(Protocol):
    """Remembers. Nothing is ever changed or removed."""

    def append(self, *entries: Entry) -> None:
        """Adds entries, all or none. An `Intended` or `Settled` goes through its own method."""
        ...

    def history(self) -> History:
        """Every entry, oldest first."""
        ...

    def intend(self, intent: Intended) -> Intended | Busy:
        """Opens an intent and returns it with its turn (the one given is ignored).

        `Busy` where the resource has an open intent already, of whatever run.
        """
        ...

    def settle(self, settled: Settled) -> bool:
        """Closes an intent; False when it was closed already (the first word stands).

        Raises an error for a turn that was never opened.
        """
        ...

    def keep_scan(self, run_id: str, scan: Scan) -> str:
        """Stores a scan under run, place and policy (again: the newest wins); returns its id."""
        ...

    def scans(self, run_id: str) -> tuple[Scan, ...]:
        """The scans of a run."""
        ...

    def keep_plan(self, plan: Plan) -> None:
        """Stores a plan under its id. A plan that is stored is never altered."""
        ...

    def plan(self, name: str) -> Plan | None:
        """The plan with this id or digest; with the empty name the newest one."""
        ...
