"""What a later look finds is remembered as it was found: an unread place proves nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes import NOW, PLACE, Clock, FakeCloud, change, endpoint, policy

from hygiene.ledger.store import open_ledger
from hygiene.model.entry import Intended, Looked
from hygiene.model.resource import Gap, Scan
from hygiene.steps.journal import Journal
from hygiene.steps.scan import scan
from hygiene.steps.verify import unverifiable, verify

IDLE = endpoint("idle")
ONE = change(IDLE)
DENIED = Gap(PLACE, "endpoint", "AccessDenied", ONE.ref)
MADE = Intended(
    NOW, "run-0", ONE.ref, 1, ONE.id, "c", "p", ONE.verb, NOW, "{}", "ada", ONE.finding.monthly
)


@pytest.fixture
def journal() -> Iterator[Journal]:
    with open_ledger("sqlite://") as ledger:
        yield Journal(ledger, "run-1", Clock())


@pytest.mark.parametrize(
    ("there", "found", "reason"),
    [
        ({}, "gone", "the cloud says that it is not there"),
        ({IDLE.ref.id: IDLE}, "there", "it is InService"),
        (
            {IDLE.ref.id: endpoint("idle", state="deleting", status="Deleting")},
            "there",
            "it is Deleting",
        ),
        ({IDLE.ref.id: DENIED}, "unreadable", "endpoint: AccessDenied"),
    ],
)
def test_a_look_is_remembered_as_it_was(
    there: dict[str, object], found: str, reason: str, journal: Journal
) -> None:
    looked = verify(MADE, FakeCloud(endpoints=there), journal)  # type: ignore[arg-type]
    assert looked == Looked(NOW, "run-1", ONE.ref, ONE.id, found, reason)  # type: ignore[arg-type]
    assert journal.ledger.history().entries == (looked,)


def test_where_nobody_could_look_it_is_unreadable(journal: Journal) -> None:
    looked = unverifiable(MADE, DENIED, journal)
    assert (looked.found, looked.reason) == ("unreadable", "AccessDenied")
    assert journal.ledger.history().entries == (looked,)


def test_a_place_without_a_reader_is_a_gap_and_not_empty() -> None:
    gap = Gap(PLACE, "credentials", "no such role")
    seen = scan(lambda place, kind: gap, PLACE, policy(), NOW)
    assert seen == Scan(PLACE, "endpoint", "zero_traffic_endpoint", NOW, (), (gap,))
