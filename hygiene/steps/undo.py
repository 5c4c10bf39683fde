"""undo: as guarded as apply, and remembered the same way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hygiene.model.entry import Busy, Intended, Settled
from hygiene.model.history import History
from hygiene.model.plan import UNDO, Preimage, Written
from hygiene.model.resource import Gap, Gone
from hygiene.ports import Reader, Writer
from hygiene.rules import Rules
from hygiene.steps.journal import Journal, brief

LEASE = timedelta(minutes=45)
"""An undo waits up to half an hour for the cloud to bring a resource up, and goes on after it."""


def undoable(change_id: str, history: History) -> Intended | str:
    """The intent whose preimage an undo goes by, or why there is nothing to undo."""
    done = [intent for intent, _ in history.done() if intent.change_id == change_id]
    if not done:
        return f"no change {change_id} was made"
    if done[-1].verb not in UNDO:
        return f"change {change_id} has been undone already"
    return done[-1]


def not_allowed(intent: Intended, history: History, rules: Rules) -> str | None:
    """Why an undo may not write; None where it may. It needs no grace, notice or budget."""
    account = rules.estate.account(intent.ref.account)
    if account is None or not account.writable:
        return f"account {intent.ref.account} is not writable in the estate"
    if rules.estate.kill_switch or history.stopped:
        return "the kill switch is on"
    return None


def _begun(intent: Intended, history: History) -> bool:
    """Whether an earlier undo of this change may have brought back a part of it."""
    return any(
        isinstance(entry, Intended)
        and entry.change_id == intent.change_id
        and entry.verb == UNDO[intent.verb]
        for entry in history.entries
    )


def undo(intent: Intended, reader: Reader, writer: Writer, journal: Journal) -> Settled | str:
    """Takes back a change that was made; a text says why nothing was written, or what is open."""
    seen = reader.look(intent.ref, brief(journal.clock()))
    if isinstance(seen, Gap):
        return f"nothing was written, since it could not be looked at: {seen.reason}"
    if not isinstance(seen, Gone) and seen.state == "deleting":
        return "it is still being deleted: undo it when that has ended"
    if not isinstance(seen, Gone) and not _begun(intent, journal.ledger.history()):
        return "it is there again, and not by an undo: nothing was put back over it"
    now = journal.clock()
    opened = journal.ledger.intend(
        replace(intent, at=now, run_id=journal.run_id, verb=UNDO[intent.verb], until=now + LEASE)
    )
    if isinstance(opened, Busy):
        return f"run {opened.by.run_id} is at it since {opened.by.at:%H:%M:%S}"
    answer = writer.undo(intent.verb, Preimage(intent.ref, intent.preimage))
    if isinstance(answer, Written):
        return journal.close(opened, "done", "put back as it was")
    again = f"{answer.reason}; undo it again: it goes on where it stopped"
    return journal.close(opened, "failed", again)
