"""What was announced and then found in order has to be announced anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes import LABELS, Clock, FakeCloud, Inbox, endpoint, policy, ref, rules

from hygiene import night
from hygiene.ledger.store import SqlLedger, open_ledger
from hygiene.model.entry import Withdrawn
from hygiene.model.resource import Endpoint, Gap
from hygiene.night import Run, Selection
from hygiene.rules import Rules
from hygiene.steps.guard import Ask

IDLE = ref("idle").id


@pytest.fixture
def ledger() -> Iterator[SqlLedger]:
    with open_ledger("sqlite://") as one:
        yield one


def a_night(
    ledger: SqlLedger, cloud: FakeCloud, clock: Clock, by: Rules | None = None, **only: object
) -> int:
    """A whole night that asks to write; how many writes there have been so far."""
    name = f"run-{clock.now:%m%d}"
    run = Run(name, by or rules(), lambda *_: cloud, Inbox(clock), ledger, clock)
    selection = Selection(**only)  # type: ignore[arg-type]
    for place in night.places(run.rules, selection):
        night.scan_place(run, place, selection)
    made = night.make_plan(run, selection)
    night.tell_owners(run, made)
    night.apply_plan(run, lambda *_: cloud, made, Ask(True, made.digest))
    return len(cloud.writes)


def now_is(cloud: FakeCloud, one: Endpoint | Gap) -> None:
    cloud.endpoints[IDLE] = one


@pytest.mark.parametrize(
    "in_between",
    [
        endpoint(requests=50),
        endpoint(labels=(*LABELS, ("keep", "true"))),
        endpoint(labels=(("owner", "bob@example.com"),)),
    ],
    ids=["used", "kept", "given away"],
)
def test_what_was_in_order_for_a_while_is_announced_anew(
    ledger: SqlLedger, in_between: Endpoint
) -> None:
    clock, cloud = Clock(), FakeCloud.holding(endpoint())
    a_night(ledger, cloud, clock)
    clock.move(days=1)
    now_is(cloud, in_between)
    a_night(ledger, cloud, clock)
    clock.move(days=30)
    now_is(cloud, endpoint())
    assert a_night(ledger, cloud, clock) == 0
    clock.move(days=8)
    assert a_night(ledger, cloud, clock) == 1


def test_what_was_unknown_or_left_out_stays_announced(ledger: SqlLedger) -> None:
    clock, cloud = Clock(), FakeCloud.holding(endpoint())
    a_night(ledger, cloud, clock)
    clock.move(days=1)
    now_is(cloud, endpoint(traffic=Gap(ref("idle").place, "GetMetricData", "timeout")))
    a_night(ledger, cloud, clock)
    clock.move(days=1)
    now_is(cloud, endpoint())
    a_night(ledger, cloud, clock, tags=(("team", "another"),))
    assert not any(isinstance(one, Withdrawn) for one in ledger.history().entries)
    clock.move(days=6)
    assert a_night(ledger, cloud, clock) == 1


def test_a_policy_that_no_longer_covers_it_takes_the_announcement_back(ledger: SqlLedger) -> None:
    clock, cloud = Clock(), FakeCloud.holding(endpoint())
    a_night(ledger, cloud, clock)
    clock.move(days=1)
    elsewhere = policy(scope={"tags": {"team": ("another",)}})
    a_night(ledger, cloud, clock, rules(elsewhere))
    assert [type(one) for one in ledger.history().entries].count(Withdrawn) == 1
