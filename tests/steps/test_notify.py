"""Who is told what, once; and a grace period starts with a delivery or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOW, Clock, Inbox, change, endpoint, plan_of

from hygiene.ledger.store import open_ledger
from hygiene.model.entry import NotDelivered, Noticed, Posted, Snoozed
from hygiene.model.finding import Owner
from hygiene.model.history import History
from hygiene.model.note import Undelivered
from hygiene.model.plan import Held, Plan
from hygiene.model.resource import Gap
from hygiene.steps.journal import Journal
from hygiene.steps.notify import deliver, digest_note, owner_notes
from hygiene.steps.report import report

ADA = replace(change(endpoint("a")), announced_at=None)
ADA_TOO = replace(change(endpoint("b")), announced_at=None)
BOB = replace(change(endpoint("c"), owner="bob@example.com"), announced_at=None)
PLAN = plan_of(ADA, ADA_TOO, BOB)


@pytest.fixture
def journal() -> Iterator[Journal]:
    with open_ledger("sqlite://") as ledger:
        yield Journal(ledger, "run-1", Clock())


def told(journal: Journal, plan: Plan, inbox: Inbox) -> int:
    notes = owner_notes(plan, journal.ledger.history(), journal.clock())
    for note in notes:
        deliver(note, inbox, journal)
    return len(notes)


def test_one_message_an_owner(journal: Journal) -> None:
    inbox = Inbox(Clock())
    assert told(journal, PLAN, inbox) == 2
    assert [(str(one.owner), len(one.items)) for one in inbox.notes] == [  # type: ignore[union-attr]
        ("ada@example.com", 2),
        ("bob@example.com", 1),
    ]
    entries = journal.ledger.history().entries
    assert sum(isinstance(one, Noticed) for one in entries) == 3
    assert sum(isinstance(one, Posted) for one in entries) == 2


def test_an_owner_with_two_teams_is_told_of_what_both_have(journal: Journal) -> None:
    vision = Owner("ada@example.com", "vision")
    other = replace(ADA_TOO, finding=replace(ADA_TOO.finding, owner=vision))
    inbox = Inbox(Clock())
    told(journal, plan_of(ADA, other), inbox)
    entries = journal.ledger.history().entries
    assert {one.ref for one in entries if isinstance(one, Noticed)} == {ADA.ref, other.ref}
    assert len(inbox.notes) == 2


def test_a_retried_task_never_posts_twice(journal: Journal) -> None:
    inbox = Inbox(Clock())
    notes = owner_notes(PLAN, journal.ledger.history(), NOW)
    for note in (*notes, *notes):
        deliver(note, inbox, journal)
    assert len(inbox.notes) == 2
    assert told(journal, PLAN, inbox) == 0


def test_a_failure_starts_no_grace_period_and_loses_no_case(journal: Journal) -> None:
    broken = Inbox(Clock(), broken="channel_not_found")
    notes = owner_notes(PLAN, journal.ledger.history(), NOW)
    assert all(isinstance(deliver(one, broken, journal), Undelivered) for one in notes)
    entries = journal.ledger.history().entries
    assert not any(isinstance(one, Noticed) for one in entries)
    assert [one.reason for one in entries if isinstance(one, NotDelivered)] == [
        "channel_not_found"
    ] * 2
    inbox = Inbox(Clock())
    assert told(journal, PLAN, inbox) == 2, "the next run tells them"


def test_a_policy_that_only_reports_tells_no_owner() -> None:
    assert owner_notes(plan_of(replace(ADA, mode="report")), History(()), NOW) == ()


def test_a_snoozed_resource_is_left_in_peace() -> None:
    snooze = Snoozed(NOW, BOB.ref, "bob", "", NOW + timedelta(days=1))
    (note,) = owner_notes(PLAN, History((snooze,)), NOW)
    assert str(note.owner) == "ada@example.com"


def test_a_lasting_hold_announces_no_date_and_asks_again_after_a_week(journal: Journal) -> None:
    held = replace(plan_of(), held=(Held(BOB, "policy is in mode notify", lasting=True),))
    inbox = Inbox(Clock())
    told(journal, held, inbox)
    (note,) = inbox.notes
    assert note.items[0].due is None  # type: ignore[union-attr]
    assert told(journal, held, inbox) == 0
    later = replace(held, id="plan-2")
    assert owner_notes(later, journal.ledger.history(), NOW + timedelta(days=7)) != ()


def test_a_date_is_announced_even_after_a_message_without_one(journal: Journal) -> None:
    inbox = Inbox(Clock())
    told(journal, replace(plan_of(), held=(Held(BOB, "mode notify", lasting=True),)), inbox)
    told(journal, replace(plan_of(BOB), id="plan-2"), inbox)
    assert [one.items[0].due for one in inbox.notes] == [None, BOB.due]  # type: ignore[union-attr]


def test_a_date_that_was_taken_back_is_announced_anew(journal: Journal) -> None:
    inbox = Inbox(Clock())
    held = replace(plan_of(), held=(Held(BOB, "mode notify", lasting=True),))
    for number, plan in enumerate((plan_of(BOB), held, plan_of(BOB), plan_of(BOB))):
        clock = journal.clock
        assert isinstance(clock, Clock)
        clock.move(days=8)
        told(journal, replace(plan, id=f"plan-{number}"), inbox)
    assert [one.items[0].due for one in inbox.notes] == [BOB.due, None, BOB.due]  # type: ignore[union-attr]


def test_the_digest_counts_everything_and_hides_nothing() -> None:
    gap = Gap(ADA.ref.place, "ListEndpoints", "denied")
    unpriced = replace(change(endpoint("d"), monthly=None))
    plan = replace(plan_of(ADA, unpriced), held=(Held(BOB, "snoozed"),), gaps=(gap,))
    note = digest_note(report(plan, History(()), 90, NOW), "run-1", done=2)
    assert (note.found, note.unpriced, note.due, note.waiting, note.held) == (3, 1, 1, 1, 1)
    assert (note.done, note.saved_monthly, note.key) == (2, None, "run-1:digest")
    assert note.gaps == ("aws 111111111111 us-east-1: ListEndpoints: denied",)
    assert [one.ref.name for one in note.items][-1] == "d", "unpriced comes last"
