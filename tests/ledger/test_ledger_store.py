"""What the ledger promises to the steps, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hygiene.ledger.errors import NothingToSettle, PlanAltered
from hygiene.ledger.store import SqlLedger, open_ledger
from hygiene.model.entry import Busy, Intended, Noticed, SettledAs, Stopped
from hygiene.model.resource import Place
from hygiene.ports import Ledger
from tests.ledger.samples import NOW, PLACE, intent, plan, posted, ref, scan, settled


def opened(answer: Intended | Busy) -> Intended:
    assert isinstance(answer, Intended)
    return answer


def test_it_is_the_ledger_of_the_ports(ledger: SqlLedger) -> None:
    port: Ledger = ledger
    assert port.history().entries == ()


def test_entries_come_back_in_the_order_they_were_added(ledger: SqlLedger) -> None:
    first = tuple(posted(f"key-{number}") for number in range(25))
    nasty = Noticed(NOW, "chg-1", ref(), "zero_traffic_endpoint", None, 'Zoë\'s "😀" \\ \x00 %s :x')
    ledger.append(*first)
    ledger.append()
    ledger.append(nasty, Stopped(NOW - timedelta(days=1), "ann", "smoke"))
    assert ledger.history().entries[:-1] == (*first, nasty)
    assert ledger.history().stopped is not None


def test_a_ledger_remembers_after_it_was_closed(ledger_url: str) -> None:
    with open_ledger(ledger_url) as first:
        first.append(posted("a"))
    with open_ledger(ledger_url) as second:
        assert second.history().entries == (posted("a"),)


def test_entries_are_added_all_or_none(ledger: SqlLedger) -> None:
    naive = replace(posted("b"), at=datetime(2026, 3, 2))  # noqa: DTZ001
    with pytest.raises(ValueError, match="without a time zone"):
        ledger.append(posted("a"), naive)
    with pytest.raises(TypeError, match="intend"):
        ledger.append(posted("a"), intent())
    with pytest.raises(TypeError, match="settle"):
        ledger.append(posted("a"), settled(intent()))
    assert ledger.history().entries == ()


def test_a_resource_has_one_open_intent(ledger: SqlLedger) -> None:
    first = opened(ledger.intend(intent()))
    assert first == replace(intent(), turn=1)
    assert ledger.intend(intent(run_id="run-2")) == Busy(first)
    assert opened(ledger.intend(intent("other"))).turn == 1
    assert [one.ref for one in ledger.history().open_intents()] == [ref(), ref("other")]


def test_the_same_id_elsewhere_is_another_resource(ledger: SqlLedger) -> None:
    ledger.intend(intent())
    elsewhere = replace(intent(), ref=replace(ref(), region="us-east-1"))
    assert opened(ledger.intend(elsewhere)).turn == 1


@pytest.mark.parametrize("outcome", ["done", "moved", "failed"])
def test_a_settled_resource_takes_the_next_turn(ledger: SqlLedger, outcome: SettledAs) -> None:
    first = opened(ledger.intend(intent()))
    assert ledger.settle(settled(first, outcome))
    second = opened(ledger.intend(intent(run_id="run-2")))
    assert second.turn == 2
    assert ledger.intend(intent(run_id="run-3")) == Busy(second)
    assert ledger.history().open_intents() == (second,)


def test_the_first_settlement_stands(ledger: SqlLedger) -> None:
    first = opened(ledger.intend(intent()))
    assert ledger.settle(settled(first, "done"))
    assert not ledger.settle(settled(first, "failed"))
    assert ledger.history().entries == (first, settled(first, "done"))


def test_only_an_intent_can_be_settled(ledger: SqlLedger) -> None:
    first = opened(ledger.intend(intent()))
    with pytest.raises(NothingToSettle, match="number 2"):
        ledger.settle(settled(replace(first, turn=2)))
    assert ledger.history().open_intents() == (first,)


def test_the_newest_scan_of_a_place_and_policy_wins(ledger: SqlLedger) -> None:
    elsewhere = scan("c", place=Place("aws", "111122223333", "us-east-1"))
    other_policy = scan("d", policy="stricter")
    ids = [
        ledger.keep_scan("run-1", one)
        for one in (scan("a"), elsewhere, scan("a", "b"), other_policy)
    ]
    ledger.keep_scan("run-2", scan("z"))
    assert ledger.scans("run-1") == (other_policy, scan("a", "b"), elsewhere)
    assert ledger.scans("run-3") == ()
    assert len(set(ids)) == 4


def test_a_plan_is_found_by_id_by_digest_and_as_the_newest(ledger: SqlLedger) -> None:
    assert ledger.plan("") is None
    monday, tuesday = plan("plan-1", "a"), plan("plan-2", "a", made_at=NOW + timedelta(days=1))
    other = plan("plan-3", "b")
    for one in (monday, tuesday, other):
        ledger.keep_plan(one)
    assert ledger.plan("plan-1") == monday
    assert monday.digest == tuesday.digest
    assert ledger.plan(monday.digest) == tuesday
    assert ledger.plan("") == other
    assert ledger.plan("plan-9") is None


def test_a_kept_plan_is_never_altered(ledger: SqlLedger) -> None:
    ledger.keep_plan(plan("plan-1", "a"))
    ledger.keep_plan(plan("plan-1", "a"))
    with pytest.raises(PlanAltered, match="'plan-1'"):
        ledger.keep_plan(plan("plan-1", "b"))
    assert ledger.plan("plan-1") == plan("plan-1", "a")


def test_ledgers_in_memory_are_separate() -> None:
    with open_ledger("sqlite://") as one, open_ledger("sqlite://") as two:
        one.append(posted("a"))
        one.keep_scan("run-1", scan("a", place=PLACE))
        assert one.history().entries == (posted("a"),)
        assert two.history().entries == ()
