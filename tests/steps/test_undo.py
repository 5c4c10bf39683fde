"""An undo goes by the ledger's preimage, is remembered, and may be run again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fakes import NOW, PLACE, Clock, FakeCloud, change, endpoint, estate, rules

from hygiene.estate import Account
from hygiene.ledger.store import open_ledger
from hygiene.model.entry import Intended, Settled, Stopped
from hygiene.model.plan import Cleared, Unanswered, Written
from hygiene.model.resource import Gap
from hygiene.steps.apply import apply, settle
from hygiene.steps.journal import Journal
from hygiene.steps.undo import not_allowed, undo, undoable

IDLE = endpoint("idle")
ONE = change(IDLE)


@pytest.fixture
def journal() -> Iterator[Journal]:
    with open_ledger("sqlite://") as ledger:
        yield Journal(ledger, "run-1", Clock())


@pytest.fixture
def deleted(journal: Journal) -> FakeCloud:
    cloud = FakeCloud.holding(IDLE)
    apply(Cleared(ONE, "", NOW + timedelta(minutes=30)), rules(), cloud, cloud, journal)
    assert cloud.endpoints == {}
    return cloud


def intent_of(journal: Journal) -> Intended:
    found = undoable(ONE.id, journal.ledger.history())
    assert isinstance(found, Intended)
    return found


def test_it_puts_back_what_the_preimage_says_and_once_only(
    journal: Journal, deleted: FakeCloud
) -> None:
    settled = undo(intent_of(journal), deleted, deleted, journal)
    assert isinstance(settled, Settled)
    assert (settled.verb, settled.outcome) == ("create_endpoint", "done")
    assert ONE.ref.id in deleted.endpoints
    assert undoable(ONE.id, journal.ledger.history()) == f"change {ONE.id} has been undone already"


def test_what_was_never_made_cannot_be_undone(journal: Journal) -> None:
    assert undoable("chg-none", journal.ledger.history()) == "no change chg-none was made"


def test_it_waits_for_the_deletion_to_end_and_writes_nothing_unseen(
    journal: Journal, deleted: FakeCloud
) -> None:
    intent = intent_of(journal)
    deleted.endpoints[ONE.ref.id] = endpoint("idle", state="deleting", status="Deleting")
    assert "still being deleted" in str(undo(intent, deleted, deleted, journal))
    deleted.endpoints[ONE.ref.id] = Gap(PLACE, "DescribeEndpoint", "denied", ONE.ref)
    assert "denied" in str(undo(intent, deleted, deleted, journal))
    assert len(deleted.writes) == 1


def test_what_its_owner_made_again_is_left_as_it_is(journal: Journal, deleted: FakeCloud) -> None:
    deleted.endpoints[ONE.ref.id] = endpoint("idle", age_days=0)
    assert "not by an undo" in str(undo(intent_of(journal), deleted, deleted, journal))
    assert len(deleted.writes) == 1


def test_an_undo_that_failed_half_way_is_run_again(journal: Journal, deleted: FakeCloud) -> None:
    def half_way(cloud: FakeCloud, name: str) -> Unanswered:
        cloud.endpoints[name] = endpoint("idle")
        return Unanswered("timeout")

    deleted.answer = half_way
    failed = undo(intent_of(journal), deleted, deleted, journal)
    assert isinstance(failed, Settled)
    assert failed.outcome == "failed"
    deleted.answer = None
    again = undo(intent_of(journal), deleted, deleted, journal)
    assert isinstance(again, Settled)
    assert again.outcome == "done"


def test_a_killed_undo_is_settled_after_its_lease_and_can_be_run_again(
    journal: Journal, deleted: FakeCloud
) -> None:
    class Killed(BaseException):
        pass

    def killed(cloud: FakeCloud, name: str) -> Unanswered:
        raise Killed

    deleted.answer = killed
    with pytest.raises(Killed):
        undo(intent_of(journal), deleted, deleted, journal)
    deleted.answer = None
    assert "is at it" in str(undo(intent_of(journal), deleted, deleted, journal))
    (left,) = journal.ledger.history().open_intents()
    assert settle(left, deleted, journal) is None
    clock = journal.clock
    assert isinstance(clock, Clock)
    clock.move(minutes=46)
    assert getattr(settle(left, deleted, journal), "outcome", "") == "failed"
    done = undo(intent_of(journal), deleted, deleted, journal)
    assert isinstance(done, Settled)
    assert done.outcome == "done"


def test_it_is_locked_as_a_change_is(journal: Journal, deleted: FakeCloud) -> None:
    intent, history = intent_of(journal), journal.ledger.history()
    assert not_allowed(intent, history, rules()) is None
    closed = Account(id=PLACE.account, regions=("us-east-1",))
    assert "not writable" in str(
        not_allowed(intent, history, rules(whole=estate(accounts=(closed,))))
    )
    assert "kill switch" in str(not_allowed(intent, history, rules(whole=estate(kill_switch=True))))
    journal.ledger.append(Stopped(NOW, "bob", "incident"))
    assert "kill switch" in str(not_allowed(intent, journal.ledger.history(), rules()))


def test_of_two_settlements_the_first_word_stands(journal: Journal, deleted: FakeCloud) -> None:
    def slow(cloud: FakeCloud, name: str) -> Written:
        (left,) = journal.ledger.history().open_intents()
        journal.close(left, "failed", "its worker was thought to have ended")
        return Written()

    deleted.answer = slow
    settled = undo(intent_of(journal), deleted, deleted, journal)
    assert isinstance(settled, Settled)
    assert (settled.outcome, settled.reason) == ("failed", "its worker was thought to have ended")
