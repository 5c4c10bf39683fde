"""The arithmetic of `make bench`, and that what it compares is right and asks what it should."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import boto3
import pytest

from bench.naive import idle_endpoints
from bench.results import (
    CUSTODIAN,
    NAIVE,
    OURS,
    TOOLS,
    Estate,
    Sample,
    expected_requests,
    row,
    times_ours,
)
from bench.table import tables
from bench.tools import Command, found
from hygiene.clouds.aws import endpoint
from hygiene.clouds.aws.session import assumed, base_session
from hygiene.localcloud import remote
from hygiene.localcloud.cloud import LocalCloud, running
from hygiene.localcloud.spec import many
from hygiene.model.resource import Place, Window

SMALL = Estate(24, 2)
ARN = "arn:aws:sagemaker:us-east-1:111111111111:endpoint/"


def sample(tool: str = OURS, **fields: object) -> Sample:
    right = None if tool == CUSTODIAN else True
    operations = {"ListEndpoints": 10, "DescribeEndpoint": 90}
    plain = Sample(tool, Estate(1000, 50), 0, 2.0, 1.5, 100.0, operations, right)
    return replace(plain, **fields)  # type: ignore[arg-type]


def test_a_row_is_made_of_medians_and_of_one_tool_only() -> None:
    samples = [sample(seconds=seconds) for seconds in (9.0, 1.0, 2.0)]
    made = row(OURS, [*samples, sample(NAIVE, seconds=100)])
    assert (made.seconds, made.rounds, made.requests, made.right) == (2.0, 3, 100, True)
    with pytest.raises(ValueError, match="nothing was measured of Cloud Custodian"):
        row(CUSTODIAN, samples)


def test_one_wrong_round_makes_a_tool_wrong() -> None:
    assert row(OURS, [sample(), sample(right=False), sample()]).right is False
    assert row(CUSTODIAN, [sample(CUSTODIAN)]).right is None


def test_ratios_say_how_many_times_ours_theirs_is() -> None:
    assert times_ours(10, 4) == 2.5
    assert times_ours(1, 4) == 0.25
    assert times_ours(1, 0) == float("inf")


def test_requests_are_counted_before_they_are_measured() -> None:
    large, middling = Estate(1000, 50), Estate(300, 15)
    assert [expected_requests(tool, large) for tool in TOOLS] == [172, 3010, 2101]
    assert [expected_requests(tool, middling) for tool in TOOLS] == [58, 903, 631]
    with pytest.raises(ValueError, match="no tool 'mine'"):
        expected_requests("mine", large)


@pytest.mark.parametrize("estate", [Estate(300, 15), Estate(1000, 50)])
def test_at_least_ten_times_fewer_requests(estate: Estate) -> None:
    ours = expected_requests(OURS, estate)
    assert times_ours(expected_requests(NAIVE, estate), ours) >= 10
    assert times_ours(expected_requests(CUSTODIAN, estate), ours) >= 10


def test_the_tables_fit_a_terminal_and_say_what_is_wrong() -> None:
    near = [sample(tool) for tool in TOOLS] * 3
    wrong = sample(NAIVE, seconds=400.4, operations={"ListTags": 6010}, right=False)
    far = [replace(one, latency_ms=20) for one in (sample(), wrong, sample(CUSTODIAN))]
    text = tables([*far, *near])
    assert max(len(line) for line in text.splitlines()) <= 80
    first, second = text.split("\n\nOn loopback")
    assert "no latency added; median of 3 rounds." in first
    assert "50 of 50" in first
    assert "20 ms added to each request; one round." in second
    assert all(one in second for one in ("WRONG", "n/a", "(60.1x)", "(200.2x)"))


def test_what_each_tool_says_it_found() -> None:
    changes = [{"resource": f"{ARN}idle-0001"}, {"resource": f"{ARN}idle-0002"}]
    said = {
        OURS: json.dumps({"changes": changes}),
        NAIVE: '["idle-0001", "idle-0002"]',
        CUSTODIAN: "",
    }
    answers = [found(Command(tool, (), {}), said[tool]) for tool in TOOLS]
    assert answers == [{"idle-0001", "idle-0002"}, {"idle-0001", "idle-0002"}, None]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch):
    with running(many(SMALL.endpoints, SMALL.idle)) as cloud:
        for name, value in cloud.env.items():
            monkeypatch.setenv(name, value)
        yield cloud


def test_the_naive_script_is_right_and_sends_what_was_expected(cloud: LocalCloud) -> None:
    names = idle_endpoints(boto3.Session(), cloud.clock.now())
    assert sorted(names) == ["idle-0001", "idle-0002"]
    assert cloud.log.count() == expected_requests(NAIVE, SMALL)


def test_our_scan_sends_what_was_expected(cloud: LocalCloud) -> None:
    role = "arn:aws:iam::111111111111:role/hygiene-reader"
    session = assumed(base_session(), role, "bench")
    reader = endpoint.reader(session, Place("aws", "111111111111", "us-east-1"), cloud.clock.now)
    found, gaps = reader.scan(Window.back_from(cloud.clock.now(), 7), Decimal(0))
    assert (len(found), gaps) == (SMALL.endpoints, ())
    assert cloud.log.count() == expected_requests(OURS, SMALL)


def test_latency_is_added_to_every_request_until_it_is_mended(cloud: LocalCloud) -> None:
    remote.latency(cloud.env, 0.25)
    client = boto3.client("sts")
    before = cloud.clock.now()
    client.get_caller_identity()
    assert (cloud.clock.now() - before).total_seconds() >= 0.25
    remote.mend(cloud.env)
    assert cloud.faults.latency == 0
    assert cloud.log.count() == 1
    remote.forget(cloud.env)
    assert cloud.log.count() == 0


def test_the_command_line_starts_without_the_libraries_of_the_report() -> None:
    slow = ("pandas", "matplotlib", "itables", "alembic", "airflow")
    asked = f"import sys, hygiene.cli.main; print([one for one in {slow} if one in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
