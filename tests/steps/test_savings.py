"""A saving counts from its proof, only while the resource stays gone, and for a stated horizon."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from fakes import NOW, change, endpoint, plan_of
from hypothesis import given
from hypothesis import strategies as st

from hygiene.model.entry import Entry, Intended, Looked, Settled
from hygiene.model.history import History
from hygiene.model.money import Money
from hygiene.model.report import Report
from hygiene.steps.report import report
from hygiene.steps.verify import to_verify

ONE = change(endpoint("idle"))
DAY = timedelta(days=1)
MONTHLY = Money(Decimal(730), NOW.date())


def intended(verb: str = "delete_endpoint", turn: int = 1, at: datetime = NOW) -> Intended:
    return Intended(
        at, "run-1", ONE.ref, turn, ONE.id, "c", "p", verb, at + DAY, "{}", "ada", MONTHLY
    )


def settled(one: Intended, outcome: str = "done") -> Settled:
    return Settled(one.at, "run-1", one.ref, one.turn, one.change_id, one.verb, outcome, "")  # type: ignore[arg-type]


DONE: tuple[Entry, ...] = (intended(), settled(intended()))


def looked(found: str, after: timedelta) -> Looked:
    return Looked(NOW + after, "run-2", ONE.ref, ONE.id, found, "")  # type: ignore[arg-type]


def proven(*entries: Entry, after: timedelta = 100 * DAY, horizon: int = 90) -> Report:
    return report(plan_of(), History((*DONE, *entries)), horizon, NOW + after)


def so_far(of: Report) -> str | None:
    return str(of.saved_so_far.cents) if of.saved_so_far else None


def test_an_accepted_write_is_not_a_saving() -> None:
    one = proven(after=DAY)
    assert (one.saved_monthly, one.saved_so_far) == (None, None)
    assert proven(looked("there", DAY), after=DAY).saved_monthly is None


def test_it_accrues_from_the_first_proof_to_the_last() -> None:
    one = proven(looked("gone", DAY), looked("gone", 11 * DAY), after=12 * DAY)
    assert so_far(one) == "240.00"  # one USD an hour for ten days
    assert one.saved_monthly == MONTHLY


def test_it_ends_when_the_resource_is_there_again_and_never_comes_back() -> None:
    looks = (looked("gone", DAY), looked("there", 2 * DAY), looked("gone", 9 * DAY))
    one = proven(*looks, after=10 * DAY)
    assert one.saved_monthly is None
    assert so_far(one) == "0.00"
    assert one.savings[0].ended_at == NOW + 2 * DAY


def test_it_ends_with_its_undo() -> None:
    back = intended("create_endpoint", 2, NOW + 3 * DAY)
    looks = (looked("gone", DAY), looked("gone", 2 * DAY))
    one = proven(*looks, back, settled(back), after=4 * DAY)
    assert one.saved_monthly is None
    assert one.savings[0].ended_because == "undone"
    assert so_far(one) == "24.00"


def test_it_is_not_claimed_while_nobody_can_look() -> None:
    one = proven(looked("gone", DAY), looked("unreadable", 2 * DAY), after=2 * DAY)
    assert one.saved_monthly is None


def test_it_stops_at_its_horizon() -> None:
    looks = (looked("gone", timedelta()), looked("gone", 50 * DAY))
    one = proven(*looks, after=51 * DAY, horizon=10)
    assert so_far(one) == "240.00"
    assert one.saved_monthly is None


def test_what_vanished_by_an_unknown_hand_is_no_saving_of_ours() -> None:
    entries = (intended(), settled(intended(), "vanished"))
    looks = (looked("gone", DAY), looked("gone", 11 * DAY))
    one = report(plan_of(), History((*entries, *looks)), 90, NOW + 12 * DAY)
    assert (one.saved_monthly, one.saved_so_far) == (None, None)
    assert "by whose hand is not known" in one.savings[0].ended_because


def test_an_unpriced_change_saves_an_unknown_sum_not_zero() -> None:
    entries = (replace(intended(), monthly=None), settled(intended()), looked("gone", DAY))
    one = report(plan_of(), History(entries), 90, NOW + 2 * DAY)
    assert one.saved_monthly is None
    assert one.savings[0].so_far is None


def test_an_undo_that_failed_half_way_is_no_saving_until_the_next_look() -> None:
    back = intended("create_endpoint", 2, NOW + 3 * DAY)
    entries = (looked("gone", 2 * DAY), back, settled(back, "failed"))
    assert proven(*entries, after=4 * DAY).saved_monthly is None
    assert proven(*entries, looked("gone", 5 * DAY), after=5 * DAY).saved_monthly == MONTHLY


def test_a_name_that_is_changed_again_saves_once() -> None:
    again = replace(intended(turn=2, at=NOW + 20 * DAY), change_id="chg-2")
    gone = replace(looked("gone", 21 * DAY), change_id="chg-2")
    looks = (looked("gone", DAY), looked("gone", 11 * DAY))
    one = proven(*looks, again, settled(again), looked("gone", 21 * DAY), gone, after=21 * DAY)
    assert one.saved_monthly == MONTHLY
    assert [each.ended_at for each in one.savings] == [again.at, None]
    assert so_far(one) == "240.00"


@given(st.lists(st.tuples(st.sampled_from(["gone", "there", "unreadable"]), st.integers(0, 120))))
def test_no_run_of_looks_claims_more_than_the_time_between_proofs(
    looks: list[tuple[str, int]],
) -> None:
    looks.sort(key=lambda one: one[1])
    one = proven(*(looked(found, days * DAY) for found, days in looks), after=200 * DAY)
    gone = [days for found, days in looks if found == "gone"]
    most = Decimal(24) * (min(max(gone), 90) - min(gone)) if gone else Decimal(0)
    claimed = one.saved_so_far.amount if one.saved_so_far else Decimal(0)
    assert Decimal(0) <= claimed <= max(most, Decimal(0))


def test_what_is_looked_at_again() -> None:
    done = History(DONE)
    assert [one.change_id for one in to_verify(done, 90, NOW + DAY)] == [ONE.id]
    assert to_verify(done, 90, NOW + 91 * DAY) == ()
    still_deleting = History((*DONE, looked("there", timedelta())))
    assert len(to_verify(still_deleting, 90, NOW + DAY)) == 1
    returned = History((*DONE, looked("gone", timedelta()), looked("there", DAY)))
    assert to_verify(returned, 90, NOW + 2 * DAY) == ()
    back = intended("create_endpoint", 2)
    assert to_verify(History((*DONE, back, settled(back))), 90, NOW + DAY) == ()
    failed = History((intended(), settled(intended(), "failed")))
    assert to_verify(failed, 90, NOW + DAY) == ()
