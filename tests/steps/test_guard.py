"""Nothing passes the guard that its owner was not told of, or that any budget forbids."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from fakes import NOW, PLACE, ROOMY, change, endpoint, estate, plan_of, policy, ref, rules
from hypothesis import given
from hypothesis import strategies as st

import hygiene
from hygiene.estate import Account
from hygiene.model.entry import (
    Approved,
    Counted,
    Entry,
    Intended,
    Noticed,
    Overridden,
    Resumed,
    Settled,
    Snoozed,
    Stopped,
)
from hygiene.model.history import History
from hygiene.model.money import Money
from hygiene.model.plan import Change, Cleared, Held, Plan
from hygiene.model.resource import Gap, Hosting, Place, Variant
from hygiene.policy import Budget, Calendar, Freeze
from hygiene.rules import Rules
from hygiene.steps.guard import Ask, guard

TOLD = NOW - timedelta(days=8)


def noticed(one: Change, at: datetime = TOLD, due: datetime | None = None) -> Noticed:
    return Noticed(at, one.id, one.ref, one.finding.check, due or at + timedelta(days=7), "ada")


def asked(plan: Plan, **changed: object) -> Ask:
    return replace(Ask(writes=True, digest=plan.digest), **changed)  # type: ignore[arg-type]


def held(
    plan: Plan, *entries: Entry, by: Rules | None = None, now: datetime = NOW, **ask: object
) -> str:
    """The one reason for which the one change of a plan is held."""
    (verdict,) = guard(plan, asked(plan, **ask), History(entries), by or rules(), now)
    assert isinstance(verdict, Held), verdict
    return verdict.reason


def intended(one: Change, at: datetime, turn: int = 1) -> Intended:
    return Intended(
        at=at,
        run_id="run-0",
        ref=one.ref,
        turn=turn,
        change_id=one.id,
        check=one.finding.check,
        policy=one.finding.policy,
        verb=one.verb,
        until=at + timedelta(minutes=5),
        preimage="{}",
        owner="ada",
        monthly=one.finding.monthly,
    )


def settled(one: Intended, outcome: str = "done") -> Settled:
    return Settled(one.at, "run-0", one.ref, one.turn, one.change_id, one.verb, outcome, "")  # type: ignore[arg-type]


ONE = change()
PLAN = plan_of(ONE)


def test_what_was_announced_and_is_due_is_cleared() -> None:
    (verdict,) = guard(PLAN, asked(PLAN), History((noticed(ONE),)), rules(), NOW)
    assert isinstance(verdict, Cleared)
    assert verdict.change == ONE
    assert NOW < verdict.until <= NOW + timedelta(hours=1)


def test_lock_1_the_account_must_be_writable() -> None:
    account = Account(id=PLACE.account, regions=(PLACE.region,), writable=False, budget=ROOMY)
    by = rules(whole=estate(accounts=(account,)))
    assert "not writable" in held(PLAN, noticed(ONE), by=by)


def test_lock_1_an_account_that_is_not_in_the_estate_is_not_writable() -> None:
    other = Account(id="222222222222", regions=("us-east-1",), writable=True, budget=ROOMY)
    by = rules(whole=estate(accounts=(other,)))
    assert "not writable" in held(PLAN, noticed(ONE), by=by)


@pytest.mark.parametrize("mode", ["report", "notify"])
def test_lock_2_the_policy_must_enforce(mode: str) -> None:
    assert f"mode {mode}" in held(PLAN, noticed(ONE), by=rules(policy(mode=mode)))


def test_lock_3_the_run_must_ask_to_write() -> None:
    assert "dry run" in held(PLAN, noticed(ONE), writes=False)


def test_an_owner_who_was_not_told_keeps_the_resource() -> None:
    assert "not been told" in held(PLAN)


def test_a_notice_of_another_change_of_the_same_resource_does_not_count() -> None:
    renewed = change(endpoint(age_days=30))
    assert renewed.ref == ONE.ref
    assert "not been told" in held(PLAN, noticed(renewed))


def test_a_notice_that_named_no_date_does_not_count() -> None:
    without = Noticed(TOLD, ONE.id, ONE.ref, ONE.finding.check, None, "ada")
    assert "not been told" in held(PLAN, without)


def test_a_later_notice_without_a_date_takes_the_date_back() -> None:
    asked_only = Noticed(NOW - timedelta(days=2), ONE.id, ONE.ref, ONE.finding.check, None, "ada")
    assert "not been told" in held(PLAN, noticed(ONE), asked_only)
    again = noticed(ONE, NOW - timedelta(days=1))
    assert "due on" in held(PLAN, noticed(ONE), asked_only, again)
    before = replace(asked_only, at=NOW - timedelta(days=20))
    verdicts = guard(PLAN, asked(PLAN), History((before, noticed(ONE), again)), rules(), NOW)
    assert isinstance(verdicts[0], Cleared), "the first of two dates is the one that counts"


@pytest.mark.parametrize(("days", "due"), [(6.99, False), (7, True)])
def test_the_grace_period_counts_from_the_delivered_notice(days: float, due: bool) -> None:
    at = NOW - timedelta(days=days)
    verdict = guard(PLAN, asked(PLAN), History((noticed(ONE, at),)), rules(), NOW)[0]
    assert isinstance(verdict, Cleared) is due


def test_a_grace_that_was_lengthened_since_the_notice_holds() -> None:
    assert "due on" in held(PLAN, noticed(ONE), by=rules(policy(grace_days=30)))


def test_a_grace_that_was_shortened_does_not_bring_the_announced_date_nearer() -> None:
    notice = noticed(ONE, NOW - timedelta(days=3), NOW + timedelta(days=4))
    assert "due on" in held(PLAN, notice, by=rules(policy(grace_days=1)))


def test_snoozed_until_its_end() -> None:
    snooze = Snoozed(NOW, ONE.ref, "ada", "demo on Friday", NOW + timedelta(days=2))
    assert "snoozed" in held(PLAN, noticed(ONE), snooze)
    ended = replace(snooze, until=NOW)
    assert isinstance(
        guard(PLAN, asked(PLAN), History((noticed(ONE), ended)), rules(), NOW)[0], Cleared
    )


def test_the_kill_switch_of_the_ledger_until_somebody_resumes() -> None:
    stop = Stopped(NOW, "bob", "incident 12")
    assert "incident 12" in held(PLAN, noticed(ONE), stop)
    history = History((noticed(ONE), stop, Resumed(NOW, "bob", "over")))
    assert isinstance(guard(PLAN, asked(PLAN), history, rules(), NOW)[0], Cleared)


def test_the_kill_switch_of_the_estate() -> None:
    assert "kill switch" in held(PLAN, noticed(ONE), by=rules(whole=estate(kill_switch=True)))


def test_a_freeze_holds_on_both_of_its_days() -> None:
    for since, until in ((NOW.date(), date(2026, 4, 1)), (date(2026, 3, 1), NOW.date())):
        freeze = Freeze(since=since, until=until, reason="quarter end")
        whole = estate(freezes=(freeze,))
        assert "quarter end" in held(PLAN, noticed(ONE), by=rules(whole=whole))


@pytest.mark.parametrize(
    ("timezone", "hour", "frozen"),
    [("Europe/Berlin", 22, False), ("Europe/Berlin", 23, True), ("America/New_York", 23, False)],
)
def test_a_freeze_begins_with_the_day_of_the_estate(timezone: str, hour: int, frozen: bool) -> None:
    now = NOW.replace(hour=hour)
    tomorrow = now.date() + timedelta(days=1)
    whole = estate(
        freezes=(Freeze(since=tomorrow, until=tomorrow, reason="quarter end"),),
        calendar=Calendar(timezone=timezone),
    )
    plan = replace(PLAN, made_at=now)
    (verdict,) = guard(plan, asked(plan), History((noticed(ONE),)), rules(whole=whole), now)
    assert isinstance(verdict, Held) is frozen


@pytest.mark.parametrize(
    ("calendar", "is_open"),
    [
        (Calendar(), True),
        (Calendar(days=("mon",)), False),  # NOW is a Tuesday, 02:00 UTC
        (Calendar(not_before=time(3)), False),
        (Calendar(not_before=time(2), not_after=time(2)), True),
        (Calendar(not_before=time(2), not_after=time(1)), True),
        (Calendar(not_before=time(3), not_after=time(2)), True),
        (Calendar(not_before=time(22), not_after=time(4)), True),
        (Calendar(not_before=time(22), not_after=time(1)), False),
        (Calendar(days=("mon",), timezone="America/New_York"), True),
        (Calendar.model_construct(timezone="No/Where"), False),
    ],
)
def test_calendars_of_policy_and_estate(calendar: Calendar, is_open: bool) -> None:
    for by in (rules(policy(calendar=calendar)), rules(whole=estate(calendar=calendar))):
        (verdict,) = guard(PLAN, asked(PLAN), History((noticed(ONE),)), by, NOW)
        assert isinstance(verdict, Cleared) is is_open


def test_a_gap_in_the_place_holds_and_one_elsewhere_does_not() -> None:
    here = replace(PLAN, gaps=(Gap(PLACE, "ListEndpoints", "denied"),))
    assert "has a gap" in held(here, noticed(ONE))
    there = replace(PLAN, gaps=(Gap(Place("aws", "1", "eu-west-1"), "ListEndpoints", "denied"),))
    assert isinstance(
        guard(there, asked(there), History((noticed(ONE),)), rules(), NOW)[0], Cleared
    )


@pytest.mark.parametrize(("before", "odd"), [(100, False), (250, True), (40, True), (102, False)])
def test_a_population_that_moved_oddly_holds(before: int, odd: bool) -> None:
    count = Counted(TOLD, "run-0", PLACE, "endpoint", before)
    (verdict,) = guard(PLAN, asked(PLAN), History((noticed(ONE), count)), rules(), NOW)
    assert isinstance(verdict, Held) is odd


@pytest.mark.parametrize(
    ("before", "now", "odd"), [(4, 2, False), (5, 2, True), (6, 3, False), (2, 4, False)]
)
def test_a_small_population_may_move_a_little(before: int, now: int, odd: bool) -> None:
    count = Counted(TOLD, "run-0", PLACE, "endpoint", before)
    plan = plan_of(ONE, population=now)
    (verdict,) = guard(plan, asked(plan), History((noticed(ONE), count)), rules(), NOW)
    assert isinstance(verdict, Held) is odd


def test_a_gap_of_another_resource_holds_nothing() -> None:
    gap = Gap(PLACE, "tags", "ThrottlingException", ref("other"))
    plan = replace(PLAN, gaps=(gap,))
    (verdict,) = guard(plan, asked(plan), History((noticed(ONE),)), rules(), NOW)
    assert isinstance(verdict, Cleared)


def test_what_was_odd_yesterday_is_odd_for_a_week() -> None:
    """The odd count itself is remembered too: it must not become the measure at once."""
    notice, old = noticed(ONE), Counted(NOW - timedelta(days=6), "run-0", PLACE, "endpoint", 400)
    odd = Counted(NOW - timedelta(minutes=5), "run-0b", PLACE, "endpoint", 100)
    assert "went from 400 to 100" in held(PLAN, notice, old, odd)
    old = replace(old, at=NOW - timedelta(days=8))
    (verdict,) = guard(PLAN, asked(PLAN), History((notice, old, odd)), rules(), NOW)
    assert isinstance(verdict, Cleared)


def test_an_override_names_one_change_and_ends() -> None:
    gap = replace(PLAN, gaps=(Gap(PLACE, "ListEndpoints", "denied"),))
    let = Overridden(NOW, ONE.id, "bob", "checked by hand", NOW + timedelta(hours=1))
    (verdict,) = guard(gap, asked(gap), History((noticed(ONE), let)), rules(), NOW)
    assert isinstance(verdict, Cleared)
    assert "bob" in verdict.budget
    later = replace(let, until=NOW)
    assert "has a gap" in held(gap, noticed(ONE), later)
    assert "dry run" in held(gap, noticed(ONE), let, writes=False)


def test_an_open_intent_is_settled_before_anything_else() -> None:
    assert "another run" in held(PLAN, noticed(ONE), intended(ONE, NOW - timedelta(hours=1)))


def test_what_was_done_is_not_done_again() -> None:
    before = intended(ONE, NOW - timedelta(days=2))
    assert "has been done" in held(PLAN, noticed(ONE), before, settled(before))


def test_two_policies_that_claim_one_resource_hold_it() -> None:
    claimed = replace(ONE, finding=replace(ONE.finding, conflict=("a", "b")))
    assert "claimed by" in held(plan_of(claimed), noticed(claimed))


def test_a_suspicion_is_never_enforced() -> None:
    breach = replace(ONE.finding.breach, certainty="suspected")
    doubtful = replace(ONE, finding=replace(ONE.finding, breach=breach))
    assert "suspected" in held(plan_of(doubtful), noticed(doubtful))


def test_what_could_not_be_undone_is_held() -> None:
    hosting = Hosting("c", (Variant("main", "ml.g5.xlarge", 1),), no_undo="its config is gone")
    lost = change(endpoint(hosting=hosting))
    assert "its config is gone" in held(plan_of(lost), noticed(lost))


def test_an_altered_plan_applies_nothing() -> None:
    shown = asked(PLAN)
    altered = plan_of(ONE, change(endpoint("other")))
    history = History(tuple(noticed(one) for one in altered.changes))
    verdicts = guard(altered, shown, history, rules(), NOW)
    assert len(verdicts) == 2
    assert all(isinstance(one, Held) and "not the one" in one.reason for one in verdicts)


def test_a_campaign_needs_an_approval_of_its_very_digest() -> None:
    always = {"approval": "always"}
    assert "nobody has approved" in held(PLAN, noticed(ONE), **always)
    other = Approved(NOW, "sha256:other", "bob", "", NOW + timedelta(days=1))
    assert "nobody has approved" in held(PLAN, noticed(ONE), other, **always)
    ended = Approved(TOLD, PLAN.digest, "bob", "", NOW)
    assert "nobody has approved" in held(PLAN, noticed(ONE), ended, **always)
    good = replace(ended, until=NOW + timedelta(days=1))
    ask = asked(PLAN, **always)
    assert isinstance(guard(PLAN, ask, History((noticed(ONE), good)), rules(), NOW)[0], Cleared)


def test_an_old_plan_is_made_anew_unless_a_person_approved_it() -> None:
    old = replace(PLAN, made_at=NOW - timedelta(days=2))
    assert "make it anew" in held(old, noticed(ONE))
    good = Approved(TOLD, old.digest, "bob", "", NOW + timedelta(days=1))
    assert isinstance(
        guard(old, asked(old), History((noticed(ONE), good)), rules(), NOW)[0], Cleared
    )


def test_unpriced_changes_wait_for_a_person_and_hold_nobody_else() -> None:
    dear = change(endpoint("dear"), monthly=None)
    both = plan_of(ONE, dear)
    history = History((noticed(ONE), noticed(dear)))
    verdicts = guard(both, asked(both), history, rules(), NOW)
    assert [type(one) for one in verdicts] == [Held, Cleared]
    assert "unpriced" in verdicts[0].reason  # type: ignore[union-attr]


# -- budgets ---------------------------------------------------------------------------------


def test_over_budget_holds_the_whole_plan_until_its_digest_is_approved() -> None:
    three = plan_of(*(change(endpoint(f"e{n}")) for n in range(3)))
    by = rules(policy(budget=Budget(changes=2, share=Decimal(1), monthly_usd=Decimal(10**6))))
    notices = tuple(noticed(one) for one in three.changes)
    verdicts = guard(three, asked(three), History(notices), by, NOW)
    assert all(isinstance(one, Held) and "3 changes, 2 allowed" in one.reason for one in verdicts)
    good = Approved(NOW, three.digest, "bob", "", NOW + timedelta(days=1))
    verdicts = guard(three, asked(three), History((*notices, good)), by, NOW)
    assert all(isinstance(one, Cleared) for one in verdicts)


def test_two_runs_of_one_day_share_their_budgets() -> None:
    by = rules(policy(budget=Budget(changes=1, share=Decimal(1), monthly_usd=Decimal(10**6))))
    earlier = intended(change(endpoint("earlier")), NOW - timedelta(hours=5))
    assert "2 changes, 1 allowed" in held(PLAN, noticed(ONE), earlier, settled(earlier), by=by)
    refused = History((noticed(ONE), earlier, settled(earlier, "failed")))
    assert isinstance(guard(PLAN, asked(PLAN), refused, by, NOW)[0], Cleared)


ONE_A_DAY = Budget(changes=1, share=Decimal(1), monthly_usd=Decimal(10**6))


@pytest.mark.parametrize("whose", ["the run", f"account {PLACE.account}"])
def test_runs_of_one_day_share_the_budgets_of_run_and_account_too(whose: str) -> None:
    account = Account(id=PLACE.account, regions=(PLACE.region,), writable=True, budget=ONE_A_DAY)
    whole = estate(budget=ONE_A_DAY) if whose == "the run" else estate(accounts=(account,))
    earlier = intended(change(endpoint("earlier")), NOW - timedelta(hours=23, minutes=59))
    reason = held(PLAN, noticed(ONE), earlier, settled(earlier), by=rules(whole=whole))
    assert f"over the budget of {whose}: 2 changes, 1 allowed" in reason
    day_before = replace(earlier, at=NOW - timedelta(hours=24, seconds=1))
    history = History((noticed(ONE), day_before, settled(day_before)))
    assert isinstance(guard(PLAN, asked(PLAN), history, rules(whole=whole), NOW)[0], Cleared)


def test_an_undo_takes_nothing_out_of_a_budget() -> None:
    earlier = intended(change(endpoint("earlier")), NOW - timedelta(hours=1), turn=2)
    undone = replace(earlier, verb="create_endpoint")
    history = History((noticed(ONE), undone, settled(undone)))
    by = rules(policy(budget=ONE_A_DAY))
    assert isinstance(guard(PLAN, asked(PLAN), history, by, NOW)[0], Cleared)


@pytest.mark.parametrize(
    ("changes", "share", "usd", "passes"),
    [
        (1, "0.01", "734.38", True),
        (1, "0.01", "734.37", False),
        (1, "0.0099", "734.38", False),
        (0, "0.01", "734.38", False),
    ],
)
def test_a_budget_may_be_used_up_and_not_exceeded(
    changes: int, share: str, usd: str, passes: bool
) -> None:
    """One change at 734.38 USD a month, of 100 endpoints."""
    tight = Budget(changes=changes, share=Decimal(share), monthly_usd=Decimal(usd))
    (verdict,) = guard(
        PLAN, asked(PLAN), History((noticed(ONE),)), rules(policy(budget=tight)), NOW
    )
    assert isinstance(verdict, Cleared) is passes


def test_a_place_that_nobody_counted_has_no_share_to_give() -> None:
    assert "1 of 0 endpoints" in held(replace(PLAN, populations=()), noticed(ONE))


def test_a_change_elsewhere_takes_no_share_of_this_place() -> None:
    elsewhere = Place("aws", PLACE.account, "eu-west-1")
    earlier = intended(change(endpoint(ref=ref("far", elsewhere))), NOW - timedelta(hours=1))
    history = History((noticed(ONE), earlier, settled(earlier)))
    assert isinstance(guard(PLAN, asked(PLAN), history, rules(), NOW)[0], Cleared)


def test_what_the_plan_holds_stays_held_open_or_closed() -> None:
    snoozed = Held(change(endpoint("other")), "snoozed until Friday")
    plan = replace(PLAN, held=(snoozed,))
    for writes in (True, False):
        verdicts = guard(plan, asked(plan, writes=writes), History((noticed(ONE),)), rules(), NOW)
        assert verdicts[0] == snoozed
        assert isinstance(verdicts[1], Cleared) is writes


sums = st.integers(0, 500_000).map(lambda cents: str(Decimal(cents) / 100))
budgets = st.builds(
    Budget,
    changes=st.integers(0, 6),
    share=st.decimals(0, 1, places=2),
    monthly_usd=st.decimals(0, 20_000, places=2),
)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Plan, Rules]:
    accounts = draw(st.lists(st.sampled_from(["1" * 12, "2" * 12]), min_size=1, max_size=6))
    changes = []
    for number, account in enumerate(accounts):
        where = Place("aws", account, "us-east-1")
        one = change(endpoint(f"e{number}", ref=ref(f"e{number}", where)), monthly=draw(sums))
        name = draw(st.sampled_from(["a", "b"]))
        changes.append(replace(one, finding=replace(one.finding, policy=name)))
    whole = estate(
        accounts=tuple(
            Account(id=each * 12, regions=("us-east-1",), writable=True, budget=draw(budgets))
            for each in "12"
        ),
        budget=draw(budgets),
    )
    policies = tuple(policy(name=name, budget=draw(budgets)) for name in "ab")
    made = plan_of(*changes, population=draw(st.integers(0, 10)))
    return made, rules(*policies, whole=whole)


def exceeds(cleared: tuple[Change, ...], plan: Plan, budget: Budget) -> bool:
    """Written apart from the guard's own arithmetic, to check it."""
    money = sum((one.finding.monthly.amount for one in cleared if one.finding.monthly), Decimal(0))
    crowded = any(
        sum(one.ref.place == each.place for one in cleared) > budget.share * each.count
        for each in plan.populations
    )
    return len(cleared) > budget.changes or money > budget.monthly_usd or crowded


@given(plans())
def test_no_generated_plan_exceeds_any_budget(made: tuple[Plan, Rules]) -> None:
    plan, by = made
    history = History(tuple(noticed(one) for one in plan.changes))
    verdicts = guard(plan, asked(plan), history, by, NOW)
    cleared = tuple(one.change for one in verdicts if isinstance(one, Cleared))
    assert len(verdicts) == len(plan.changes)
    assert len(cleared) in (0, len(plan.changes)), "a plan over budget is held whole"
    assert not exceeds(cleared, plan, by.estate.budget)
    for account in by.estate.accounts:
        theirs = tuple(one for one in cleared if one.ref.account == account.id)
        assert not exceeds(theirs, plan, account.budget)
    for each in by.policies:
        theirs = tuple(one for one in cleared if one.finding.policy == each.name)
        assert not exceeds(theirs, plan, each.budget)


@given(plans(), st.sampled_from(["run", "account", "policy"]), st.data())
def test_a_malformed_budget_fails_closed(
    made: tuple[Plan, Rules], whose: str, data: st.DataObject
) -> None:
    plan, by = made
    broken = Budget.model_construct(
        **{
            "changes": 10**6,
            "share": Decimal(1),
            "monthly_usd": Decimal(10**9),
            **data.draw(
                st.sampled_from(
                    [
                        {"changes": -1},
                        {"changes": "many"},
                        {"changes": True},
                        {"share": Decimal("NaN")},
                        {"share": Decimal(2)},
                        {"share": None},
                        {"monthly_usd": Decimal("Infinity")},
                        {"monthly_usd": "1e9"},
                        {"monthly_usd": Decimal(-1)},
                    ]
                )
            ),
        }
    )
    update = {"budget": broken}
    whole, policies = by.estate, by.policies
    if whose == "run":
        whole = whole.model_copy(update=update)
    if whose == "account":
        accounts = tuple(one.model_copy(update=update) for one in whole.accounts)
        whole = whole.model_copy(update={"accounts": accounts})
    if whose == "policy":
        policies = tuple(one.model_copy(update=update) for one in policies)
    history = History(tuple(noticed(one) for one in plan.changes))
    verdicts = guard(plan, asked(plan), history, Rules(policies, whole, by.rates), NOW)
    assert all(isinstance(one, Held) for one in verdicts)


@given(plans(), st.text(max_size=80))
def test_only_the_very_digest_that_was_shown_passes(made: tuple[Plan, Rules], digest: str) -> None:
    plan, by = made
    history = History(tuple(noticed(one) for one in plan.changes))
    verdicts = guard(plan, Ask(True, digest), history, by, NOW)
    assert all(isinstance(one, Held) for one in verdicts) or digest == plan.digest


def test_an_unpriced_sum_of_another_currency_is_over_budget() -> None:
    euros = Money(Decimal(1), NOW.date(), "EUR")
    one = replace(ONE, finding=replace(ONE.finding, monthly=euros))
    assert "not priced in USD" in held(plan_of(one), noticed(one))


def test_only_the_guard_makes_a_clearance() -> None:
    makers = set()
    for path in Path(hygiene.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr
                    if isinstance(node.func, ast.Attribute)
                    else getattr(node.func, "id", "")
                )
                if name == "Cleared":
                    makers.add(path.relative_to(Path(hygiene.__file__).parent).as_posix())
    assert makers == {"steps/guard.py"}


def test_no_function_takes_a_dry_run_flag() -> None:
    """A dry run has no Writer; only the faces know the word."""
    takers = set()
    for path in Path(hygiene.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                arguments = (*node.args.args, *node.args.kwonlyargs)
                if any(one.arg == "dry_run" for one in arguments):
                    takers.add(path.relative_to(Path(hygiene.__file__).parent).parts[0])
    assert takers <= {"cli.py", "airflow"}
