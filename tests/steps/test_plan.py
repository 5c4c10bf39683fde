"""A plan says what would be done and when, and holds what must not follow from waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from fakes import NOW, PLACE, change, endpoint, estate, finding, plan_of, policy, ref, rules
from hypothesis import given
from hypothesis import strategies as st

from hygiene.estate import Account
from hygiene.model.entry import (
    Counted,
    Entry,
    Intended,
    Noticed,
    Overridden,
    Settled,
    Snoozed,
)
from hygiene.model.finding import Exempt, Finding, Judgement
from hygiene.model.history import History
from hygiene.model.plan import Plan, Population, digest_of
from hygiene.model.resource import Gap, Hosting, Place, Scan, Variant
from hygiene.rules import Rules
from hygiene.steps.plan import plan

ONE = finding(endpoint("idle"))
TOLD = NOW - timedelta(days=3)


def planned(
    *findings: Finding,
    entries: tuple[Entry, ...] = (),
    gaps: tuple[Gap, ...] = (),
    by: Rules | None = None,
    now: datetime = NOW,
) -> Plan:
    resources = tuple(one.resource for one in findings)
    scan = Scan(PLACE, "endpoint", "zero_traffic_endpoint", now, resources, gaps)
    judgement = Judgement(findings, (), (), len(resources))
    return plan("run-1", ((scan, judgement),), History(entries), by or rules(), now)


def told(of: Plan, at: datetime, due: datetime | None) -> Noticed:
    (one,) = of.everything
    return Noticed(at, one.id, one.ref, one.finding.check, due, "ada")


def test_what_nobody_was_told_of_waits_from_now_on() -> None:
    made = planned(ONE)
    (one,) = made.changes
    assert made.status(one) == "waiting"
    assert (one.announced_at, one.due) == (None, NOW + timedelta(days=7))


def test_what_was_announced_waits_for_its_date_and_is_due_then() -> None:
    notice = told(planned(ONE), TOLD, TOLD + timedelta(days=7))
    waiting = planned(ONE, entries=(notice,))
    assert waiting.status(waiting.changes[0]) == "waiting"
    assert waiting.changes[0].due == TOLD + timedelta(days=7)
    later = planned(ONE, entries=(notice,), now=NOW + timedelta(days=4))
    assert later.status(later.changes[0]) == "due"


def test_a_notice_without_a_date_starts_no_grace_period() -> None:
    notice = told(planned(ONE), NOW - timedelta(days=30), None)
    made = planned(ONE, entries=(notice,))
    assert made.status(made.changes[0]) == "waiting"


def test_another_fingerprint_or_owner_is_another_change() -> None:
    (one,) = planned(ONE).changes
    (other,) = planned(finding(endpoint("idle", age_days=9))).changes
    (given,) = planned(finding(endpoint("idle"), owner="bob@example.com")).changes
    moved = replace(ONE, owner=replace(ONE.owner, team="vision"))
    (elsewhere,) = planned(moved).changes
    assert len({one.id, other.id, given.id, elsewhere.id}) == 4


def test_lasting_holds_say_why() -> None:
    closed = Account(id=PLACE.account, regions=("us-east-1",))
    no_undo = Hosting("c", (Variant("m", "ml.g5.xlarge", 1),), ("llm",), no_undo="1 component")
    cases = {
        "mode notify": planned(ONE, by=rules(policy(mode="notify"))),
        "mode report": planned(ONE, by=rules(policy(mode="report"))),
        "not writable": planned(ONE, by=rules(whole=estate(accounts=(closed,)))),
        "several policies": planned(replace(ONE, conflict=("a", "b"))),
        "1 component": planned(finding(endpoint(hosting=no_undo))),
        "no policy": planned(ONE, by=rules(policy(name="another"))),
    }
    for why, made in cases.items():
        (held,) = made.held
        assert why in held.reason
        assert held.lasting
        assert made.status(held.change) == "held"


def test_passing_holds_do_not_last() -> None:
    gap = planned(ONE, gaps=(Gap(PLACE, "ListEndpoints", "denied"),))
    swing = planned(ONE, entries=(Counted(TOLD, "run-0", PLACE, "endpoint", 60),))
    snooze = planned(ONE, entries=(Snoozed(TOLD, ref("idle"), "ada", "", NOW + timedelta(days=1)),))
    for made, why in ((gap, "has a gap"), (swing, "went from 60 to 1"), (snooze, "snoozed")):
        (held,) = made.held
        assert why in held.reason
        assert not held.lasting


def test_an_override_lets_its_change_pass_a_gap() -> None:
    gap = Gap(PLACE, "ListEndpoints", "denied")
    (held,) = planned(ONE, gaps=(gap,)).held
    let = Overridden(NOW, held.change.id, "bob", "checked", NOW + timedelta(days=1))
    assert planned(ONE, gaps=(gap,), entries=(let,)).held == ()


def test_what_lies_in_a_gap_is_unknown_not_gone() -> None:
    notice = told(planned(ONE), TOLD, TOLD + timedelta(days=7))
    gap = Gap(PLACE, "ListEndpoints", "AccessDenied")
    dark = planned(entries=(notice,), gaps=(gap,))
    (one,) = dark.unknown
    assert (one.ref, one.reason) == (ref("idle"), "ListEndpoints: AccessDenied")
    elsewhere = Gap(Place("aws", "2", "eu-west-1"), "ListEndpoints", "AccessDenied")
    assert planned(entries=(notice,), gaps=(elsewhere,)).unknown == ()


def test_only_what_was_not_seen_and_not_changed_is_unknown_in_a_gap() -> None:
    notice = told(planned(ONE), TOLD, TOLD + timedelta(days=7))
    dark = Gap(PLACE, "ListEndpoints", "AccessDenied")
    assert planned(ONE, entries=(notice,), gaps=(dark,)).unknown == (), "it was seen"
    of_another = replace(dark, ref=ref("another"))
    assert planned(entries=(notice,), gaps=(of_another,)).unknown == (), "it is simply gone"
    made = Intended(
        NOW, "r", notice.ref, 1, notice.change_id, "c", "p", "delete_endpoint", NOW, "", "", None
    )
    done = Settled(NOW, "r", made.ref, 1, made.change_id, made.verb, "done", "")
    assert planned(entries=(notice, made, done), gaps=(dark,)).unknown == (), "the bot deleted it"


def test_a_plan_keeps_what_it_counted_and_let_be_and_is_named_by_its_content() -> None:
    let_be = Exempt(ref("kept"), "zero_traffic_endpoint", "it is tagged keep")
    scan = Scan(PLACE, "endpoint", "p", NOW, (endpoint("idle"), endpoint("kept")), ())
    twice = ((scan, Judgement((ONE,), (), (let_be,), 2)),) * 2
    made = plan("run-1", twice, History(()), rules(), NOW)
    assert made.populations == (Population(PLACE, "endpoint", 2),)
    assert made.exempt == (let_be,)
    assert made.id.startswith("plan-20260310T020000Z-")
    others = (planned(), plan("run-2", twice, History(()), rules(), NOW))
    assert len({made.id, *(one.id for one in others)}) == 3


def test_where_policies_compete_the_first_one_speaks() -> None:
    scan = Scan(PLACE, "endpoint", "p", NOW, (endpoint("idle"),), ())
    judged = tuple(
        (scan, Judgement((replace(ONE, policy=name, conflict=("a", "b")),), (), (), 1))
        for name in ("a", "b")
    )
    made = plan("run-1", judged, History(()), rules(policy(name="a"), policy(name="b")), NOW)
    assert [one.finding.policy for one in made.everything] == ["a"]


def test_one_change_for_a_resource_that_two_policies_find() -> None:
    scan = Scan(PLACE, "endpoint", "p", NOW, (endpoint("idle"),), ())
    judgement = Judgement((replace(ONE, conflict=("a", "b")),), (), (), 1)
    made = plan("run-1", ((scan, judgement), (scan, judgement)), History(()), rules(), NOW)
    assert len(made.everything) == 1


@given(st.permutations([change(endpoint(f"e{n}")) for n in range(4)]))
def test_the_digest_is_of_the_content_not_its_order(changes: list[object]) -> None:
    straight = [change(endpoint(f"e{n}")) for n in range(4)]
    assert digest_of(changes) == digest_of(straight)  # type: ignore[arg-type]


def test_the_digest_changes_with_anything_that_was_shown() -> None:
    base = change(endpoint("e"))
    money = replace(base, finding=finding(endpoint("e"), monthly="1.00"))
    others = (
        (),
        (base, change(endpoint("f"))),
        (replace(base, fingerprint="other"),),
        (replace(base, id="chg-other"),),
        (replace(base, mode="notify"),),
        (money,),
        (replace(base, finding=replace(base.finding, policy="other")),),
    )
    digests = {digest_of((base,)), *(digest_of(one) for one in others)}
    assert len(digests) == len(others) + 1
    assert digest_of((), (base,)) not in digests


def test_money_sums_what_is_priced_and_counts_the_rest() -> None:
    made = plan_of(change(endpoint("a")), change(endpoint("b"), monthly=None))
    assert made.monthly is not None
    assert (str(made.monthly.cents), made.unpriced) == ("734.38", 1)
    assert [one.ref.name for one in made.everything] == ["a", "b"]
