"""The ledger's entries, oldest first, and the questions that the steps ask of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hygiene.model.entry import (
    Approved,
    Counted,
    Entry,
    Intended,
    Looked,
    Noticed,
    Overridden,
    Posted,
    Resumed,
    Settled,
    Snoozed,
    Stopped,
    Withdrawn,
)
from hygiene.model.resource import Place, ResourceRef


@dataclass(frozen=True, slots=True)
class History:
    """All entries of a ledger up to one moment, oldest first."""

    entries: tuple[Entry, ...]

    def notices(self, change_id: str) -> tuple[Noticed, ...]:
        """Every delivered notice of this very change since it was last withdrawn, oldest first."""
        standing: list[Noticed] = []
        for entry in self.entries:
            if isinstance(entry, Noticed) and entry.change_id == change_id:
                standing.append(entry)
            elif isinstance(entry, Withdrawn) and entry.change_id == change_id:
                standing.clear()
        return tuple(standing)

    def posted(self, key: str) -> Posted | None:
        """The delivery of the message with this key."""
        for entry in self.entries:
            if isinstance(entry, Posted) and entry.key == key:
                return entry
        return None

    def snoozed(self, ref: ResourceRef, now: datetime) -> Snoozed | None:
        """The newest snooze of a resource, if it still holds."""
        for entry in reversed(self.entries):
            if isinstance(entry, Snoozed) and entry.ref == ref:
                return entry if now < entry.until else None
        return None

    def approved(self, digest: str, now: datetime) -> Approved | None:
        """An approval of exactly this digest that has not ended."""
        for entry in reversed(self.entries):
            if isinstance(entry, Approved) and entry.digest == digest and now < entry.until:
                return entry
        return None

    def overridden(self, change_id: str, now: datetime) -> Overridden | None:
        """An override of exactly this change that has not ended."""
        for entry in reversed(self.entries):
            if isinstance(entry, Overridden) and entry.change_id == change_id:
                return entry if now < entry.until else None
        return None

    @property
    def stopped(self) -> Stopped | None:
        """The kill switch, while it is thrown."""
        for entry in reversed(self.entries):
            if isinstance(entry, Stopped):
                return entry
            if isinstance(entry, Resumed):
                return None
        return None

    def populations(
        self, place: Place, kind: str, before_run: str, since: datetime
    ) -> tuple[Counted, ...]:
        """The complete counts of a kind in a place since a moment, of other runs than `before_run`.

        Where there is none that young, the newest one.
        """
        counts = tuple(
            entry
            for entry in self.entries
            if isinstance(entry, Counted)
            and (entry.place, entry.kind) == (place, kind)
            and entry.run_id != before_run
        )
        return tuple(one for one in counts if one.at >= since) or counts[-1:]

    def open_intents(self) -> tuple[Intended, ...]:
        """Intents without a settlement, oldest first."""
        settled = {(entry.ref, entry.turn) for entry in self.entries if isinstance(entry, Settled)}
        return tuple(
            entry
            for entry in self.entries
            if isinstance(entry, Intended) and (entry.ref, entry.turn) not in settled
        )

    def intents_since(self, since: datetime) -> tuple[Intended, ...]:
        """Intents at or after `since` that were carried out, or may have been."""
        harmless = {
            (entry.ref, entry.turn)
            for entry in self.entries
            if isinstance(entry, Settled) and entry.outcome in ("moved", "failed")
        }
        return tuple(
            entry
            for entry in self.entries
            if isinstance(entry, Intended)
            and entry.at >= since
            and (entry.ref, entry.turn) not in harmless
        )

    def done(self) -> tuple[tuple[Intended, Settled], ...]:
        """Every intent whose resource is changed, with its settlement, oldest first."""
        intents = {
            (entry.ref, entry.turn): entry for entry in self.entries if isinstance(entry, Intended)
        }
        return tuple(
            (intents[entry.ref, entry.turn], entry)
            for entry in self.entries
            if isinstance(entry, Settled) and entry.outcome in ("done", "vanished")
        )

    def looks(self, change_id: str) -> tuple[Looked, ...]:
        """Every later look at a change, oldest first."""
        return tuple(
            entry
            for entry in self.entries
            if isinstance(entry, Looked) and entry.change_id == change_id
        )
