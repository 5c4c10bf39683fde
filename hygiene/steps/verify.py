"""verify: is it so, and is it still so?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from hygiene.model.entry import Intended, Looked
from hygiene.model.history import History
from hygiene.model.plan import UNDO
from hygiene.model.resource import Gap, Gone, Resource
from hygiene.ports import Reader
from hygiene.steps.journal import Journal, brief


def to_verify(history: History, horizon_days: int, now: datetime) -> tuple[Intended, ...]:
    """The changes whose saving is still to be proven: made, not undone, within the horizon."""
    done = history.done()
    undone = {intent.change_id for intent, _ in done if intent.verb not in UNDO}
    returned = {
        entry.change_id
        for entry in history.entries
        if isinstance(entry, Looked) and entry.found == "there" and _was_gone(entry, history)
    }
    return tuple(
        intent
        for intent, settled in done
        if intent.verb in UNDO
        and intent.change_id not in undone | returned
        and now <= settled.at + timedelta(days=horizon_days)
    )


def _was_gone(entry: Looked, history: History) -> bool:
    return any(
        look.found == "gone" and look.at < entry.at for look in history.looks(entry.change_id)
    )


def verify(intent: Intended, reader: Reader, journal: Journal) -> Looked:
    """Looks whether a changed resource is gone, and remembers the answer."""
    now = journal.clock()
    found, reason = _found(reader.look(intent.ref, brief(now)))
    looked = Looked(now, journal.run_id, intent.ref, intent.change_id, found, reason)
    journal.ledger.append(looked)
    return looked


def unverifiable(intent: Intended, gap: Gap, journal: Journal) -> Looked:
    """Remembers that nobody could look: no saving is claimed for that time."""
    looked = Looked(
        journal.clock(), journal.run_id, intent.ref, intent.change_id, "unreadable", gap.reason
    )
    journal.ledger.append(looked)
    return looked


def _found(seen: Resource | Gone | Gap) -> tuple[Literal["gone", "there", "unreadable"], str]:
    match seen:
        case Gone():
            return "gone", "the cloud says that it is not there"
        case Gap(what=what, reason=reason):
            return "unreadable", f"{what}: {reason}"
        case _:
            return "there", f"it is {seen.status}"
