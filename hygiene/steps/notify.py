"""notify: who is told, and what."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from hygiene.model.entry import NotDelivered, Noticed, Posted
from hygiene.model.finding import Owner
from hygiene.model.history import History
from hygiene.model.note import (
    Delivered,
    Delivery,
    DigestNote,
    Note,
    NoteItem,
    OwnerNote,
)
from hygiene.model.plan import Change, Plan
from hygiene.model.report import Report
from hygiene.ports import Messenger
from hygiene.steps.journal import Journal

ASK_AGAIN = timedelta(days=7)
"""An owner who was asked, without a date, is asked again after this time."""

_SHOWN = 10


def owner_notes(plan: Plan, history: History, now: datetime) -> tuple[OwnerNote, ...]:
    """One note an owner, of all that is new to them. A policy in mode `report` tells nobody."""
    items: dict[Owner, list[NoteItem]] = defaultdict(list)
    for change in plan.everything:
        item = note_item(change, plan)
        if change.mode != "report" and _is_new(item, history, now):
            items[change.finding.owner].append(item)
    return tuple(
        OwnerNote(_key(plan, owner), owner, tuple(theirs))
        for owner, theirs in sorted(items.items(), key=lambda pair: _key(plan, pair[0]))
    )


def _key(plan: Plan, owner: Owner) -> str:
    """One note an address and team: whom Slack does not know is told in the team's channel."""
    return f"{plan.id}:{owner.email or ''}:{owner.team or ''}"


def _is_new(item: NoteItem, history: History, now: datetime) -> bool:
    if history.snoozed(item.ref, now):
        return False
    notices = history.notices(item.change_id)
    if item.due is not None:
        return not notices or notices[-1].due is None
    return not notices or now - notices[-1].at >= ASK_AGAIN


def note_item(change: Change, plan: Plan) -> NoteItem:
    """How a message shows a change."""
    held = next((one for one in plan.held if one.change.id == change.id), None)
    return NoteItem(
        change_id=change.id,
        check=change.finding.check,
        ref=change.ref,
        owner=change.finding.owner,
        status=plan.status(change),
        reason=change.finding.breach.reason,
        monthly=change.finding.monthly,
        mode=change.mode,
        due=None if held and held.lasting else change.due,
        held_because=held.reason if held else None,
    )


def digest_note(report: Report, run_id: str, done: int) -> DigestNote:
    """The one message a run to the channel; `done` is the number of changes that it made."""
    plan = report.plan
    status = [plan.status(change) for change in plan.everything]
    return DigestNote(
        key=f"{run_id}:digest",
        plan_id=plan.id,
        digest=plan.digest,
        made_at=plan.made_at,
        found=len(status),
        monthly=plan.monthly,
        unpriced=plan.unpriced,
        due=status.count("due"),
        waiting=status.count("waiting"),
        held=status.count("held"),
        exempt=len(plan.exempt),
        unknown=len(plan.unknown),
        gaps=tuple(f"{gap.place}: {gap.what}: {gap.reason}" for gap in plan.gaps),
        done=done,
        saved_monthly=report.saved_monthly,
        saved_so_far=report.saved_so_far,
        items=tuple(note_item(change, plan) for change in plan.everything[:_SHOWN]),
    )


def deliver(note: Note, messenger: Messenger, journal: Journal) -> Delivery:
    """Delivers a note once, and starts the grace periods of what it announces.

    What was delivered before is not sent again. Where delivery fails, nothing starts.
    """
    before = journal.ledger.history().posted(note.key)
    if before:
        return Delivered(before.at, before.channel, before.message_id)
    delivery = messenger.tell(note)
    if isinstance(delivery, Delivered):
        posted = Posted(delivery.at, note.key, delivery.channel, delivery.message_id)
        journal.ledger.append(posted, *_notices(note, delivery))
    else:
        journal.ledger.append(NotDelivered(journal.clock(), note.key, delivery.reason))
    return delivery


def _notices(note: Note, delivery: Delivered) -> tuple[Noticed, ...]:
    if not isinstance(note, OwnerNote):
        return ()
    return tuple(
        Noticed(
            at=delivery.at,
            change_id=item.change_id,
            ref=item.ref,
            check=item.check,
            due=item.due,
            told=f"{note.owner} in {delivery.channel}",
        )
        for item in note.items
    )
