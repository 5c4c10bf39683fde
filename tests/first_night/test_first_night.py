"""From the scan to the proven saving, on real wire protocols."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import boto3
import pytest

from hygiene import night, wiring
from hygiene.clouds.aws.session import NotAllowedError, assumed, reading
from hygiene.localcloud.spec import EstateSpec, expected, load
from hygiene.model.plan import Done, Held, Moved, Plan

BotOn = Callable[[str], Any]
HORIZON = timedelta(days=3)


def said(plan: Plan) -> dict[str, str]:
    """What a plan says of each resource that it names, by ARN."""
    words = {one.ref.id: "breach" for one in plan.changes}
    words |= {one.change.ref.id: "held" for one in plan.held}
    words |= {one.ref.id: "unknown" for one in plan.unknown}
    words |= {one.ref.id: "exempt" for one in plan.exempt}
    return words


def test_the_case_study_sums_to_its_row_and_nothing_busy_is_in_it(bot_on: BotOn) -> None:
    plan = bot_on("case_study").announce()
    assert plan.monthly is not None
    assert abs(plan.monthly.amount - Decimal(9200)) <= Decimal(92)
    assert plan.unpriced == 0
    words = expected(load("case_study"))
    idle = {arn for arn, one in words.items() if one.expect == "breach"}
    assert {one.ref.id for one in plan.everything} == idle
    assert len(idle) == 10


def test_the_trap_estate_is_told_apart_to_the_last_endpoint(bot_on: BotOn) -> None:
    plan = bot_on("traps").announce()
    found = said(plan)
    words = expected(load("traps"))
    wrong = {
        arn: (one.expect, found.get(arn, "fine"), one.why)
        for arn, one in words.items()
        if found.get(arn, "fine") != one.expect
    }
    assert wrong == {}
    assert all(one.reason for one in plan.unknown)
    assert plan.gaps == ()


def test_a_dry_run_sends_no_mutating_request(bot_on: BotOn) -> None:
    bot = bot_on("case_study")
    bot.announce()
    with bot.open() as run:
        plan = bot.due(run)
        assert len(plan.changes) == 10
        night.verify_changes(run)
        night.tell_channel(run, night.make_report(run, plan), 0)
    assert bot.cloud.log.count() > 0
    assert bot.cloud.log.mutating() == ()


def test_a_reader_session_refuses_to_write_whatever_asks(bot_on: BotOn) -> None:
    bot = bot_on("case_study")
    role = "arn:aws:iam::111111111111:role/hygiene-reader"
    client = reading(assumed(boto3.Session(), role, "test")).client("sagemaker")
    name = bot.cloud.names()[0]
    for ask in (
        lambda: client.delete_endpoint(EndpointName=name),
        lambda: client.create_endpoint(EndpointName="x", EndpointConfigName="y"),
        lambda: client.add_tags(ResourceArn="arn:aws:x", Tags=[]),
    ):
        with pytest.raises(NotAllowedError):
            ask()
    assert bot.cloud.log.mutating() == ()


def test_announced_waited_looked_again_deleted_verified_and_saved(bot_on: BotOn) -> None:
    bot = bot_on("case_study")
    announced = bot.announce()
    with bot.open() as run:
        early = bot.apply(run, announced)
        assert all(isinstance(one, Held) for one in early)
        plan = bot.due(run)
        outcomes = bot.apply(run, plan)
        assert all(isinstance(one, Done) for one in outcomes)
        assert sorted(bot.deletes) == sorted(one.ref.name for one in plan.changes)
        first = night.verify_changes(run)
        assert {one.found for one in first} == {"there"}, "a deletion takes its time"
        night.verify_changes(run)
        bot.cloud.clock.move(HORIZON)
        night.verify_changes(run)
        report = night.make_report(run, plan)
        after = bot.plan(run)
    assert report.saved_monthly == plan.monthly
    assert report.saved_so_far is not None
    assert Decimal(0) < report.saved_so_far.amount <= plan.monthly.amount / 730 * 24 * 4
    assert after.everything == ()
    assert len(bot.deletes) == 10


def test_a_second_night_deletes_nothing_twice(bot_on: BotOn) -> None:
    bot = bot_on("case_study")
    bot.announce()
    with bot.open() as run:
        plan = bot.due(run)
        bot.apply(run, plan)
        assert all(isinstance(one, Held) for one in bot.apply(run, plan))
    assert len(bot.deletes) == 10


def test_traffic_between_plan_and_apply_moves_the_change_and_writes_nothing(
    bot_on: BotOn,
) -> None:
    bot = bot_on("case_study")
    bot.announce()
    with bot.open() as run:
        plan = bot.due(run)
        called = plan.changes[0]
        bot.cloud.traffic(called.ref.name, 1)
        outcomes = {one.change.id: one for one in bot.apply(run, plan)}
    moved = outcomes.pop(called.id)
    assert isinstance(moved, Moved)
    assert "1 requests" in moved.reason
    assert all(isinstance(one, Done) for one in outcomes.values())
    assert called.ref.name not in bot.deletes


@pytest.mark.parametrize(
    "tags", [{"keep": "true"}, {"environment": "prod"}, {"owner": "new@example.com"}]
)
def test_a_tag_set_between_plan_and_apply_is_heeded(bot_on: BotOn, tags: dict[str, str]) -> None:
    bot = bot_on("case_study")
    bot.announce()
    with bot.open() as run:
        plan = bot.due(run)
        kept = plan.changes[0]
        bot.cloud.tag(kept.ref.name, **tags)
        outcomes = {one.change.id: one for one in bot.apply(run, plan)}
    assert isinstance(outcomes[kept.id], Moved)
    assert kept.ref.name not in bot.deletes


def test_apply_then_undo_gives_back_config_tags_and_scaling(bot_on: BotOn) -> None:
    bot = bot_on("case_study")
    before = {name: look_at(name, account) for name, account in scaled(load("case_study"))}
    assert before
    assert all(one["targets"] and one["policies"] and one["tags"] for one in before.values())
    bot.announce()
    with bot.open() as run:
        plan = bot.due(run)
        bot.apply(run, plan)
        night.verify_changes(run)
        writers = wiring.writers(run.rules.estate, run.clock)
        for one in plan.changes:
            if one.ref.name in before:
                settled = night.undo_change(run, writers, one.id)
                assert getattr(settled, "outcome", settled) == "done"
        report = night.make_report(run, plan)
    after = {name: look_at(name, account) for name, account in scaled(load("case_study"))}
    assert after == before
    ended = [one for one in report.savings if one.ended_because == "undone"]
    assert len(ended) == len(before)


def scaled(spec: EstateSpec) -> list[tuple[str, str]]:
    return [
        (name, one.account)
        for one in spec.endpoints
        if one.scaling and one.expect == "breach"
        for name in one.names()
    ]


def look_at(name: str, account: str) -> dict[str, object]:
    """What an undo has to give back, asked with plain clients."""
    session = assumed(boto3.Session(), f"arn:aws:iam::{account}:role/plain", "test")
    sagemaker, scaling = session.client("sagemaker"), session.client("application-autoscaling")
    described = sagemaker.describe_endpoint(EndpointName=name)
    variants = [
        f"endpoint/{name}/variant/{one['VariantName']}" for one in described["ProductionVariants"]
    ]
    asked = {"ServiceNamespace": "sagemaker"}
    targets = scaling.describe_scalable_targets(**asked, ResourceIds=variants)["ScalableTargets"]
    policies = scaling.describe_scaling_policies(**asked, ResourceId=variants[0])["ScalingPolicies"]
    return {
        "config": described["EndpointConfigName"],
        "status": described["EndpointStatus"],
        "tags": sagemaker.list_tags(ResourceArn=described["EndpointArn"])["Tags"],
        "targets": [(one["ResourceId"], one["MinCapacity"], one["MaxCapacity"]) for one in targets],
        "policies": [
            (one["PolicyName"], one["TargetTrackingScalingPolicyConfiguration"]) for one in policies
        ],
    }


def test_an_owner_is_told_once_with_date_and_price(bot_on: BotOn) -> None:
    bot = bot_on("case_study")
    bot.announce()
    posted = len(bot.cloud.slack.messages)
    owners = {str(one.finding.owner) for one in bot.announce().everything}
    assert len(bot.cloud.slack.messages) == posted == len(owners)
