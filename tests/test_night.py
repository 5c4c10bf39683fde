"""Whatever fails on the way, a night claims no more than it would have, and says what it missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from bot import Bot
from botocore.retries.standard import ExponentialBackoff

from hygiene import night, wiring
from hygiene.localcloud.faults import Kind
from hygiene.localcloud.spec import ComponentSpec, EndpointSpec, EstateSpec, TrafficSpec
from hygiene.model.plan import Plan
from hygiene.night import Selection, UnknownNameError

ACCOUNT, OTHER = "111111111111", "222222222222"
ADA = {"owner": "ada@example.com"}
SPEC = EstateSpec(
    name="night",
    endpoints=(
        EndpointSpec(name="idle", account=ACCOUNT, tags=ADA),
        EndpointSpec(name="untagged", account=ACCOUNT),
        EndpointSpec(name="busy", account=ACCOUNT, traffic=TrafficSpec(busy=9), tags=ADA),
        EndpointSpec(name="kept", account=ACCOUNT, tags={**ADA, "keep": "true"}),
        EndpointSpec(name="production", account=ACCOUNT, tags={**ADA, "environment": "prod"}),
        EndpointSpec(
            name="components-busy",
            account=ACCOUNT,
            hosting="components",
            components=(ComponentSpec(name="quiet"), ComponentSpec(name="loud")),
            traffic=TrafficSpec(busy=9),
            tags=ADA,
        ),
        EndpointSpec(name="idle-elsewhere", account=OTHER, tags=ADA),
    ),
)

HOSTED_IN = {one.name: one.account for one in SPEC.endpoints}

READS = (
    "AssumeRole",
    "ListEndpoints",
    "ListInferenceComponents",
    "ListMetrics",
    "GetMetricData",
    "DescribeEndpoint",
    "DescribeEndpointConfig",
    "GetResources",
    "ListTags",
)
KINDS: tuple[Kind, ...] = ("denied", "broken_page", "missing_keys", "reset")


@dataclass(frozen=True)
class Said:
    """What a plan says of each endpoint, by name."""

    breaches: frozenset[str]
    unknown: frozenset[str]
    exempt: frozenset[str]
    gaps: int

    @classmethod
    def by(cls, plan: Plan) -> Said:
        return cls(
            frozenset(one.ref.name for one in plan.everything),
            frozenset(one.ref.name for one in plan.unknown),
            frozenset(one.ref.name for one in plan.exempt),
            len(plan.gaps),
        )


@pytest.fixture
def bot(bot_on: Callable[..., Bot], monkeypatch: pytest.MonkeyPatch) -> Iterator[Bot]:
    """The bot, which asks as often as always and does not wait in between."""
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
    made = bot_on("traps", SPEC)
    yield made
    made.cloud.faults.clear()


def planned(bot: Bot) -> Plan:
    with bot.open() as run:
        return bot.plan(run)


WHOLE = Said(
    frozenset({"idle", "untagged", "idle-elsewhere"}),
    frozenset(),
    frozenset({"kept", "production"}),
    0,
)


def test_a_night_without_trouble_sees_all_of_it(bot: Bot) -> None:
    assert Said.by(planned(bot)) == WHOLE
    asked = {one.operation for one in bot.cloud.log}
    assert asked >= set(READS), "a read that no night sends cannot fail in one"


@pytest.mark.parametrize("operation", READS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_read_that_always_fails_adds_no_breach(bot: Bot, operation: str, kind: Kind) -> None:
    bot.cloud.faults.add(operation, kind, None)
    plan = planned(bot)
    said = Said.by(plan)
    assert bot.cloud.log.of(operation), "the fault has to strike"
    assert said.breaches <= WHOLE.breaches
    assert bot.cloud.log.mutating() == ()
    missing = (WHOLE.breaches | WHOLE.exempt) - said.breaches - said.exempt
    dark = {gap.place.account for gap in plan.gaps if gap.ref is None}
    for name in missing - said.unknown:
        assert HOSTED_IN[name] in dark, f"{name} is neither unknown nor hidden by a gap"
    if operation == "GetResources":
        assert said == WHOLE, "the service itself is asked for what the tagging API gives no tags"
    else:
        assert plan.gaps
    assert all(gap.reason for gap in plan.gaps)


@pytest.mark.parametrize("operation", READS)
def test_a_read_that_fails_once_costs_nothing(bot: Bot, operation: str) -> None:
    bot.cloud.faults.add(operation, "throttle", 1)
    bot.cloud.faults.add(operation, "reset", 1)
    assert Said.by(planned(bot)) == WHOLE


def test_trouble_in_one_account_hides_nothing_of_another(bot: Bot) -> None:
    bot.cloud.faults.add("ListEndpoints", "denied", None, account=ACCOUNT)
    plan = planned(bot)
    assert Said.by(plan).breaches == {"idle-elsewhere"}
    assert {gap.place.account for gap in plan.gaps} == {ACCOUNT}


def test_a_place_whose_scan_never_ended_is_a_gap(bot: Bot) -> None:
    with bot.open() as run:
        first, *_ = night.places(run.rules)
        night.scan_place(run, first)
        plan = night.make_plan(run)
    assert {gap.place for gap in plan.gaps} == set(night.places(run.rules)) - {first}
    assert all("did not finish" in gap.reason for gap in plan.gaps)


def test_a_selection_narrows_places_policies_and_prices(bot: Bot) -> None:
    with bot.open() as run:
        only = Selection(accounts=(OTHER,))
        assert {one.account for one in night.places(run.rules, only)} == {OTHER}
        assert night.places(run.rules, Selection(policies=("zero_traffic_endpoint",)))
        assert night.places(run.rules, Selection(policies=("other",))) == ()


def test_names_that_nobody_knows_are_refused_with_those_there_are(bot: Bot) -> None:
    rules = wiring.read_rules(bot.settings)
    night.check_policies(Selection(policies=("zero_traffic_endpoint",)), rules.policies)
    night.check_accounts(Selection(accounts=(ACCOUNT, OTHER)), rules.estate)
    with pytest.raises(UnknownNameError, match="no policy zero; known: zero_traffic_endpoint"):
        night.check_policies(Selection(policies=("zero",)), rules.policies)
    with pytest.raises(UnknownNameError, match=f"no account 9; known: {ACCOUNT}, {OTHER}"):
        night.check_accounts(Selection(accounts=(ACCOUNT, "9")), rules.estate)
