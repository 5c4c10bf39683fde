"""One write, after a last look, and nothing that a killed worker leaves is ever repeated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from fakes import NOW, Clock, FakeCloud, change, endpoint, plan_of, policy, ref, rules, traffic

from hygiene.checks import load_check
from hygiene.ledger.store import SqlLedger, open_ledger
from hygiene.model.entry import Intended, Settled, Snoozed, Stopped
from hygiene.model.plan import (
    Cleared,
    Done,
    Failed,
    Held,
    Moved,
    Outcome,
    Refused,
    Unanswered,
    WriteResult,
    Written,
)
from hygiene.model.resource import Gap, Series
from hygiene.policy import Budget
from hygiene.rules import Rules
from hygiene.steps.apply import LEASE, apply, settle
from hygiene.steps.journal import Journal

IDLE = endpoint("idle")
ONE = change(IDLE)
CLEARED = Cleared(ONE, "within every budget", NOW + timedelta(minutes=30))


@pytest.fixture
def ledger() -> Iterator[SqlLedger]:
    with open_ledger("sqlite://") as one:
        yield one


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(ledger: SqlLedger, clock: Clock) -> Journal:
    return Journal(ledger, "run-1", clock)


def applied(
    cloud: FakeCloud, journal: Journal, cleared: Cleared = CLEARED, by: Rules | None = None
) -> Outcome | Held:
    return apply(cleared, by or rules(), cloud, cloud, journal)


def settlements(ledger: SqlLedger) -> list[str]:
    return [one.outcome for one in ledger.history().entries if isinstance(one, Settled)]


def test_one_write_with_its_preimage_in_the_ledger_before_it(
    journal: Journal, ledger: SqlLedger
) -> None:
    cloud = FakeCloud.holding(IDLE)
    in_ledger_at_the_write: list[Intended] = []

    def answer(one: FakeCloud, name: str) -> WriteResult:
        in_ledger_at_the_write.extend(ledger.history().open_intents())
        one.answer = None
        one.writes.pop()
        return one.write("delete_endpoint", ref("idle"))

    cloud.answer = answer
    assert isinstance(applied(cloud, journal), Done)
    assert cloud.writes == [("delete_endpoint", ONE.ref.id)]
    (intent,) = in_ledger_at_the_write
    assert (intent.preimage, intent.turn) == ('{"config": "kept"}', 1)
    assert (intent.change_id, intent.verb, intent.until) == (ONE.id, ONE.verb, NOW + LEASE)
    finding = ONE.finding
    assert (intent.check, intent.policy) == (finding.check, finding.policy)
    assert (intent.owner, intent.monthly) == ("ada@example.com", finding.monthly)
    assert settlements(ledger) == ["done"]


def test_an_intent_names_the_policy_and_not_its_check(journal: Journal, ledger: SqlLedger) -> None:
    mine = replace(CLEARED, change=replace(ONE, finding=replace(ONE.finding, policy="mine")))
    by = rules(policy(name="mine"))
    assert isinstance(applied(FakeCloud.holding(IDLE), journal, mine, by), Done)
    ((intent, _),) = ledger.history().done()
    assert (intent.policy, intent.check) == ("mine", "zero_traffic_endpoint")


def busy(cloud: FakeCloud) -> None:
    cloud.endpoints[ONE.ref.id] = replace(IDLE, traffic=traffic(1))


def kept(cloud: FakeCloud) -> None:
    cloud.endpoints[ONE.ref.id] = replace(IDLE, labels=(("Keep", "true"), *(IDLE.labels or ())))


def given_away(cloud: FakeCloud) -> None:
    cloud.endpoints[ONE.ref.id] = replace(IDLE, labels=(("owner", "bob@example.com"),))


def recreated(cloud: FakeCloud) -> None:
    cloud.endpoints[ONE.ref.id] = endpoint("idle", age_days=20)


def grown(cloud: FakeCloud) -> None:
    hosting = IDLE.hosting
    assert hosting
    assert not isinstance(hosting, Gap)
    variants = (replace(hosting.variants[0], instance_count=4),)
    cloud.endpoints[ONE.ref.id] = replace(IDLE, hosting=replace(hosting, variants=variants))


def updating(cloud: FakeCloud) -> None:
    cloud.endpoints[ONE.ref.id] = replace(IDLE, state="changing", status="Updating")


def untagged(cloud: FakeCloud) -> None:
    gap = Gap(ONE.ref.place, "ListTags", "AccessDenied", ONE.ref)
    cloud.endpoints[ONE.ref.id] = replace(IDLE, labels=gap)


def unreadable(cloud: FakeCloud) -> None:
    cloud.endpoints[ONE.ref.id] = Gap(ONE.ref.place, "GetMetricData", "timeout", ONE.ref)


def without_data(cloud: FakeCloud) -> None:
    seen = traffic()
    assert isinstance(seen.series[0], Series)
    cloud.endpoints[ONE.ref.id] = replace(IDLE, traffic=replace(seen, series=()))


def gone(cloud: FakeCloud) -> None:
    cloud.endpoints.pop(ONE.ref.id, None)


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (busy, "no longer due: 1 requests"),
        (kept, "exempt now: it is tagged keep"),
        (given_away, "owner is now bob@example.com"),
        (recreated, "changed since"),
        (grown, "changed since"),
        (updating, "cannot be judged any more: it is Updating"),
        (untagged, "tags could not be read"),
        (unreadable, "last look failed: GetMetricData: timeout"),
        (without_data, "no data is not zero traffic"),
        (gone, "gone already"),
    ],
)
def test_what_changed_between_plan_and_apply_is_not_written(
    happens: object, says: str, journal: Journal, ledger: SqlLedger
) -> None:
    cloud = FakeCloud.holding(IDLE)
    cloud.before_look = lambda: happens(cloud)  # type: ignore[operator]
    outcome = applied(cloud, journal)
    assert isinstance(outcome, Moved)
    assert says in outcome.reason
    assert cloud.writes == []
    assert settlements(ledger) == ["moved"]


def test_stopped_or_snoozed_after_the_guard_is_not_written(
    journal: Journal, ledger: SqlLedger
) -> None:
    cloud = FakeCloud.holding(IDLE)
    ledger.append(Snoozed(NOW, ONE.ref, "ada", "wait", NOW + timedelta(days=1)))
    assert "snoozed" in getattr(applied(cloud, journal), "reason", "")
    ledger.append(Stopped(NOW, "bob", "incident"))
    assert "incident" in getattr(applied(cloud, journal), "reason", "")
    assert cloud.writes == []


def test_a_policy_that_left_in_between_is_not_applied(journal: Journal) -> None:
    cloud = FakeCloud.holding(IDLE)
    outcome = applied(cloud, journal, by=rules(policy(name="another")))
    assert isinstance(outcome, Moved)
    assert cloud.writes == []


def test_two_policies_claim_it_at_the_last_look(journal: Journal) -> None:
    cloud = FakeCloud.holding(IDLE)
    both = rules(policy(), policy(name="another"))
    assert "several policies" in getattr(applied(cloud, journal, by=both), "reason", "")
    assert cloud.writes == []


def test_what_is_only_suspected_at_the_last_look_is_not_written(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubt = replace(ONE.finding.breach, certainty="suspected")
    doubting = replace(load_check("zero_traffic_endpoint"), judge=lambda *_: doubt)
    monkeypatch.setattr("hygiene.steps.judge.load_check", lambda _: doubting)
    cloud = FakeCloud.holding(IDLE)
    assert "no longer proven" in getattr(applied(cloud, journal), "reason", "")
    assert cloud.writes == []


def test_without_a_preimage_nothing_is_written_or_intended(
    journal: Journal, ledger: SqlLedger
) -> None:
    cloud = FakeCloud.holding(IDLE)
    cloud.no_preimage = Gap(ONE.ref.place, "DescribeModel", "the model m is gone", ONE.ref)
    outcome = applied(cloud, journal)
    assert isinstance(outcome, Held)
    assert "the model m is gone" in outcome.reason
    assert (cloud.writes, ledger.history().entries) == ([], ())


def test_a_clearance_that_ended_is_not_used(journal: Journal, clock: Clock) -> None:
    cloud = FakeCloud.holding(IDLE)
    clock.move(minutes=30)
    assert isinstance(applied(cloud, journal), Held)
    assert cloud.writes == []


def test_a_clearance_that_ends_soon_shortens_the_lease(
    journal: Journal, clock: Clock, ledger: SqlLedger
) -> None:
    cloud = FakeCloud.holding(IDLE)
    soon = replace(CLEARED, until=NOW + timedelta(minutes=2))
    cloud.before_look = lambda: clock.move(minutes=1)
    assert isinstance(applied(cloud, journal, soon), Moved)
    assert cloud.writes == []


def test_a_last_look_that_eats_up_the_lease_is_not_followed_by_a_write(
    journal: Journal, clock: Clock, ledger: SqlLedger
) -> None:
    cloud = FakeCloud.holding(IDLE)
    cloud.before_look = lambda: clock.move(minutes=4.5)
    outcome = applied(cloud, journal)
    assert isinstance(outcome, Moved)
    assert "took too long" in outcome.reason
    assert cloud.writes == []
    assert settlements(ledger) == ["moved"]


def test_a_refusal_changes_nothing_and_is_settled(journal: Journal, ledger: SqlLedger) -> None:
    cloud = FakeCloud.holding(IDLE)
    cloud.answer = lambda one, name: Refused("ThrottlingException")
    outcome = applied(cloud, journal)
    assert isinstance(outcome, Failed)
    assert "ThrottlingException" in outcome.reason
    assert settlements(ledger) == ["failed"]


def silent(one: FakeCloud, name: str) -> WriteResult:
    return Unanswered("read timeout")


def silent_but_done(one: FakeCloud, name: str) -> WriteResult:
    del one.endpoints[name]
    return Unanswered("read timeout")


def test_no_answer_leaves_the_intent_open_for_a_later_look(
    journal: Journal, ledger: SqlLedger
) -> None:
    cloud = FakeCloud.holding(IDLE)
    cloud.answer = silent
    outcome = applied(cloud, journal)
    assert isinstance(outcome, Failed)
    assert "read timeout" in outcome.reason
    assert len(ledger.history().open_intents()) == 1


def test_no_answer_but_seen_to_have_happened_is_done(journal: Journal, ledger: SqlLedger) -> None:
    cloud = FakeCloud.holding(IDLE)
    cloud.answer = silent_but_done
    assert isinstance(applied(cloud, journal), Done)
    assert settlements(ledger) == ["done"]


def test_two_runs_at_once_do_not_use_one_budget_twice(journal: Journal) -> None:
    """Both guards read the same history, so each clears its own change."""
    other = endpoint("other")
    cloud = FakeCloud.holding(IDLE, other)
    only_one = Budget(changes=1, share=Decimal(1), monthly_usd=Decimal(10**6))
    by = rules(policy(budget=only_one))
    verdicts: list[Outcome | Held] = []
    for one in (ONE, change(other)):
        cleared = replace(CLEARED, change=one, populations=plan_of(one).populations)
        verdicts.append(applied(cloud, journal, cleared, by))
    assert [type(one) for one in verdicts] == [Done, Moved]
    assert "2 changes, 1 allowed" in getattr(verdicts[1], "reason", "")
    assert len(cloud.writes) == 1


class Killed(BaseException):
    """Stands for SIGKILL: nothing of the worker runs after it."""


def killed(one: FakeCloud, name: str) -> WriteResult:
    raise Killed


def killed_after(one: FakeCloud, name: str) -> WriteResult:
    del one.endpoints[name]
    raise Killed


def test_killed_before_the_write_is_settled_as_not_done_once_the_lease_is_over(
    journal: Journal, clock: Clock, ledger: SqlLedger
) -> None:
    cloud = FakeCloud.holding(IDLE)
    cloud.answer = killed
    with pytest.raises(Killed):
        applied(cloud, journal)
    (intent,) = ledger.history().open_intents()
    assert settle(intent, cloud, journal) is None, "its worker may be alive"
    assert isinstance(applied(cloud, journal), Held), "and nobody else may begin"
    clock.move(seconds=LEASE.total_seconds())
    assert getattr(settle(intent, cloud, journal), "outcome", "") == "failed"
    cloud.answer = None
    assert isinstance(applied(cloud, journal), Done)
    assert settlements(ledger) == ["failed", "done"]


def test_killed_after_the_write_is_settled_at_once_and_never_repeated(
    journal: Journal, ledger: SqlLedger
) -> None:
    cloud = FakeCloud.holding(IDLE)
    cloud.answer = killed_after
    with pytest.raises(Killed):
        applied(cloud, journal)
    (intent,) = ledger.history().open_intents()
    assert getattr(settle(intent, cloud, journal), "outcome", "") == "vanished"
    assert len(cloud.writes) == 1
    assert ledger.history().open_intents() == ()


def test_a_settlement_needs_to_see(journal: Journal, clock: Clock, ledger: SqlLedger) -> None:
    cloud = FakeCloud.holding(IDLE)
    cloud.answer = killed
    with pytest.raises(Killed):
        applied(cloud, journal)
    clock.move(hours=1)
    unreadable(cloud)
    (intent,) = ledger.history().open_intents()
    assert settle(intent, cloud, journal) is None
    cloud.endpoints[ONE.ref.id] = replace(IDLE, state="deleting", status="Deleting")
    assert getattr(settle(intent, cloud, journal), "outcome", "") == "vanished"


def test_a_worker_whose_clock_is_ahead_does_not_lead_to_two_writes(
    journal: Journal, clock: Clock, ledger: SqlLedger
) -> None:
    cloud = FakeCloud.holding(IDLE)
    cloud.answer = lambda one, name: Written()  # accepted, and still shown for a moment
    second: list[Outcome | Held] = []

    def meanwhile() -> None:
        cloud.before_look = lambda: None
        ahead = Journal(ledger, "run-2", Clock(clock.now + LEASE + timedelta(minutes=1)))
        (intent,) = ledger.history().open_intents()
        assert getattr(settle(intent, cloud, ahead), "outcome", "") == "failed"
        second.append(applied(cloud, ahead))

    cloud.before_look = meanwhile
    first = applied(cloud, journal)
    assert isinstance(first, Moved)
    assert "another run has settled it" in first.reason
    assert [type(one) for one in second] == [Done]
    assert cloud.writes == [("delete_endpoint", ONE.ref.id)]
    assert settlements(ledger) == ["failed", "done"]


def test_a_second_run_finds_the_first_one_at_it(journal: Journal, clock: Clock) -> None:
    cloud = FakeCloud.holding(IDLE)
    verdicts: list[Outcome | Held] = []

    def meanwhile() -> None:
        cloud.before_look = lambda: None
        verdicts.append(applied(cloud, replace(journal, run_id="run-2")))

    cloud.before_look = meanwhile
    assert isinstance(applied(cloud, journal), Done)
    (second,) = verdicts
    assert isinstance(second, Held)
    assert "run-1 is at it" in second.reason
    assert len(cloud.writes) == 1
