"""The shipped estates say what they should, and fit the policies beside them."""

from __future__ import annotations

from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest
from pydantic import ValidationError

from hygiene.estate import load_estate
from hygiene.localcloud.spec import EndpointSpec, EstateSpec, expected, load, many
from hygiene.policy import load_policies

HOURLY = {
    "ml.g5.xlarge": Decimal("1.006"),
    "ml.g4dn.xlarge": Decimal("0.736"),
    "ml.p3.2xlarge": Decimal("3.825"),
}
FOLDER = Path(str(resources.files("hygiene.localcloud") / "estates"))
NAMES = ["case_study", "traps"]


def test_the_case_study_costs_what_the_case_says() -> None:
    breaches = [one for one in load("case_study").endpoints if one.expect == "breach"]
    monthly = sum(
        HOURLY[variant.instance_type] * variant.count * 730
        for one in breaches
        for variant in one.variants
    )
    assert monthly == Decimal("9204.570")
    assert abs(monthly - 9200) / 9200 < Decimal("0.01")
    assert len(breaches) == 10
    assert sum("owner" not in one.tags for one in breaches) == 1
    assert any(one.scaling for one in breaches)


def test_the_traps_cover_every_judgement() -> None:
    spec = load("traps")
    assert {one.expect for one in expected(spec).values()} == {
        "breach",
        "fine",
        "unknown",
        "exempt",
        "held",
    }
    assert all(one.why for one in expected(spec).values())
    assert len(expected(spec)) == sum(len(one.names()) for one in spec.endpoints)


@pytest.mark.parametrize("name", NAMES)
def test_estate_and_policies_name_its_accounts_and_let_its_breaches_pass(name: str) -> None:
    spec, estate = load(name), load_estate(FOLDER / name / "estate.yaml")
    (policy,) = load_policies(FOLDER / name / "policies")
    for one in spec.endpoints:
        account = estate.account(one.account)
        assert account is not None
        assert account.writable
        assert one.region in account.regions
        assert account.reader_role == f"arn:aws:iam::{one.account}:role/hygiene-reader"
    count = sum(one.expect == "breach" for one in expected(spec).values())
    assert policy.mode == "enforce"
    assert policy.check == "zero_traffic_endpoint"
    assert count <= min(policy.budget.changes, estate.budget.changes)
    channels = {
        channel for one in (estate.slack,) for channel in (one.channel, *one.teams.values())
    }
    assert channels <= set(spec.channels)


@pytest.mark.parametrize("name", NAMES)
def test_owners_and_teams_can_be_told(name: str) -> None:
    spec, estate = load(name), load_estate(FOLDER / name / "estate.yaml")
    people = {one.email for one in spec.people}
    for one in spec.endpoints:
        assert one.tags.get("owner") in (None, *people)
        assert one.tags.get("team") in (None, *estate.slack.teams)


@pytest.mark.parametrize("name", NAMES)
def test_all_of_an_estate_is_served(cloud, client, name: str) -> None:
    spec = load(name)
    cloud.seed(spec)
    arns = set()
    for account in {one.account for one in spec.endpoints}:
        sagemaker = client.as_role("sagemaker", "hygiene-reader", account)
        for page in sagemaker.get_paginator("list_endpoints").paginate(MaxResults=100):
            arns |= {one["EndpointArn"] for one in page["Endpoints"]}
    assert arns == {arn for arn in expected(spec) if ":us-east-1:" in arn}
    assert {user.email for user in cloud.slack.users.values()} == {one.email for one in spec.people}
    assert {f"#{one.name}" for one in cloud.slack.conversations.values()} == set(spec.channels)


def test_many_has_as_many_as_asked() -> None:
    spec = many(total=30, idle=7)
    verdicts = [one.expect for one in expected(spec).values()]
    assert (len(verdicts), verdicts.count("breach")) == (30, 7)
    assert len(expected(many(total=5, idle=5))) == 5


def test_traffic_has_short_forms() -> None:
    def traffic(value: object) -> tuple[int, bool]:
        spec = EndpointSpec.model_validate({"name": "a", "account": "1", "traffic": value})
        return spec.traffic.busy, spec.traffic.no_data

    assert traffic("none") == (0, False)
    assert traffic("no_data") == (0, True)
    assert traffic({"busy": 4}) == (4, False)


def test_a_wrong_word_is_an_error() -> None:
    with pytest.raises(ValidationError):
        EndpointSpec.model_validate({"name": "a", "account": "1", "trafic": "none"})
    with pytest.raises(ValidationError):
        EstateSpec.model_validate({"name": "e", "endpoints": [{"name": "a"}]})
    with pytest.raises(ValueError, match="there are: case_study, traps"):
        load("nowhere")
