"""apply: look again, write once, remember."""

from __future__ import annotations

from datetime import datetime, timedelta

from hygiene.model.entry import Busy, Intended, Settled
from hygiene.model.finding import Exempt, Finding, Fine, UnknownResource
from hygiene.model.history import History
from hygiene.model.plan import (
    UNDO,
    Change,
    Cleared,
    Done,
    Failed,
    Held,
    Moved,
    Outcome,
    Refused,
    Written,
)
from hygiene.model.resource import Gap, Gone, Resource
from hygiene.ports import Reader, Writer
from hygiene.rules import Rules
from hygiene.steps.budget import over_budget
from hygiene.steps.holds import snoozed_hold, stopped_hold
from hygiene.steps.journal import Journal, brief
from hygiene.steps.judge import assess

LEASE = timedelta(minutes=10)
"""How long an intent is its worker's own. Whoever finds it open later settles it by looking."""

MARGIN = timedelta(minutes=6)
"""No write is begun this close to the end of a lease: entering the role and waiting for an answer
that never comes may take minutes, and the lease must outlive them."""

_NOW = {
    Exempt: "it is exempt now",
    UnknownResource: "it cannot be judged any more",
    Fine: "no longer due",
}
"""What the last look says of a resource that is no finding any more."""


def apply(
    cleared: Cleared, rules: Rules, reader: Reader, writer: Writer, journal: Journal
) -> Outcome | Held:
    """Makes one change, once.

    The order is the safety: the undo's preimage is read, the intent is opened with it, then the
    resource is looked at a last time, and only what is still as announced is written.
    """
    change = cleared.change
    preimage = reader.preimage(change.ref)
    if isinstance(preimage, Gap):
        return Held(change, f"it could not be undone: {preimage.reason}")
    now = journal.clock()
    if now >= cleared.until:
        return Held(change, "its clearance ended before its turn came")
    finding = change.finding
    intent = journal.ledger.intend(
        Intended(
            at=now,
            run_id=journal.run_id,
            ref=change.ref,
            turn=0,
            change_id=change.id,
            check=finding.check,
            policy=finding.policy,
            verb=change.verb,
            until=min(now + LEASE, cleared.until),
            preimage=preimage.body,
            owner=str(finding.owner),
            monthly=finding.monthly,
        )
    )
    if isinstance(intent, Busy):
        return Held(change, f"run {intent.by.run_id} is at it since {intent.by.at:%H:%M:%S}")
    moved = _moved(cleared, intent, rules, reader, journal)
    if moved:
        journal.close(intent, "moved", moved)
        return Moved(change, moved)
    return _write(change, intent, reader, writer, journal)


def _used_up(
    cleared: Cleared, intent: Intended, history: History, rules: Rules, now: datetime
) -> str | None:
    """The budget that another run has used since the guard asked; None where there is room.

    Of two runs that open an intent at the same moment at least one sees the other's: so no two
    guards that read the same history can exceed a budget together.
    """
    if cleared.populations is None:
        return None
    others = History(tuple(one for one in history.entries if one != intent))
    return over_budget((cleared.change,), cleared.populations, others, rules, now)


def _moved(
    cleared: Cleared, intent: Intended, rules: Rules, reader: Reader, journal: Journal
) -> str | None:
    """The last look: why the change is no longer what was announced; None where it is."""
    change, now, history = cleared.change, journal.clock(), journal.ledger.history()
    held = (
        _used_up(cleared, intent, history, rules, now)
        or stopped_hold(history)
        or snoozed_hold(change.ref, history, now)
    )
    if held:
        return held
    policy = rules.policy(change.finding.policy)
    if policy is None:
        return f"there is no policy {change.finding.policy} any more"
    seen = reader.look(change.ref, policy.settings.window(now))
    if isinstance(seen, Gone):
        return "it is gone already"
    if isinstance(seen, Gap):
        return f"the last look failed: {seen.what}: {seen.reason}"
    assessment = assess(seen, policy, rules, now)
    if isinstance(assessment, Finding):
        return _differs(change, seen, assessment)
    return f"{_NOW[type(assessment)]}: {assessment.reason}"


def _differs(change: Change, seen: Resource, finding: Finding) -> str | None:
    if seen.fingerprint != change.fingerprint:
        return "it was changed since it was announced"
    if finding.owner != change.finding.owner:
        return f"its owner is now {finding.owner}, who has not been told"
    if finding.conflict:
        return f"claimed by several policies: {', '.join(finding.conflict)}"
    if finding.breach.certainty != "proven":
        return "suspected, no longer proven"
    return None


def _write(
    change: Change, intent: Intended, reader: Reader, writer: Writer, journal: Journal
) -> Outcome:
    if journal.clock() >= intent.until - MARGIN:
        reason = "the last look took too long: nothing was written"
        journal.close(intent, "moved", reason)
        return Moved(change, reason)
    # Another worker whose clock is ahead may take this one for dead, and begin itself.
    if intent not in journal.ledger.history().open_intents():
        return Moved(change, "another run has settled it meanwhile: nothing was written")
    answer = writer.write(change.verb, change.ref)
    if isinstance(answer, Written):
        journal.close(intent, "done", "accepted by the cloud")
        return Done(change, journal.clock())
    if isinstance(answer, Refused):
        journal.close(intent, "failed", answer.reason)
        return Failed(change, f"refused, nothing was changed: {answer.reason}")
    return _after_silence(change, intent, answer.reason, reader, journal)


def _after_silence(
    change: Change, intent: Intended, silence: str, reader: Reader, journal: Journal
) -> Outcome:
    """The write may be on its way still: only what is seen to have happened settles the intent."""
    if carried_out(reader.look(change.ref, brief(journal.clock()))):
        journal.close(intent, "done", f"seen to have happened, though: {silence}")
        return Done(change, journal.clock())
    return Failed(change, f"no clear answer ({silence}); the next run looks and settles it")


def carried_out(seen: Resource | Gone | Gap) -> bool:
    """Whether what is seen shows that a deletion has been carried out. A gap shows nothing."""
    return isinstance(seen, Gone) or (not isinstance(seen, Gap) and seen.state == "deleting")


def settle(intent: Intended, reader: Reader, journal: Journal) -> Settled | None:
    """Settles an intent whose worker ended, by looking, never by repeating.

    None while it cannot be settled: its worker may be alive, or nothing can be seen. What is gone
    has vanished: by our write or by somebody else's, which nobody can tell any more, so that no
    saving is claimed for it. An undo is settled as failed: it is made of repeatable writes, so
    that a person runs it again.
    """
    now = journal.clock()
    if intent.verb not in UNDO:
        over = now >= intent.until
        return journal.close(intent, "failed", "its worker ended: undo again") if over else None
    seen = reader.look(intent.ref, brief(now))
    if carried_out(seen):
        return journal.close(intent, "vanished", "its worker ended; seen to be gone")
    if isinstance(seen, Gap) or now < intent.until:
        return None
    return journal.close(intent, "failed", "its worker ended; seen not to have happened")
