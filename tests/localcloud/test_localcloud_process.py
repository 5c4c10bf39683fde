"""The local cloud as a process of its own, and what can be done to it from outside."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError, URLError

import boto3
import pytest

from hygiene.localcloud import process, remote


@pytest.fixture
def home(tmp_path: Path):
    yield tmp_path / "home"
    process.down(tmp_path / "home")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_up_env_and_down_leave_nothing_behind(home: Path) -> None:
    env = process.up(home, "case_study")
    assert process.env(home) == env
    assert remote.health(env) == "case_study"
    state = home / "localcloud.json"
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    pid = process.read_state(home)["pid"]
    assert _alive(pid)
    assert os.getsid(pid) == pid
    identity = boto3.client(
        "sts",
        endpoint_url=env["AWS_ENDPOINT_URL"],
        region_name="us-east-1",
        aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
    ).get_caller_identity()
    assert identity["Account"] == "111111111111"
    process.down(home)
    assert not _alive(pid)
    assert [one.name for one in home.iterdir()] == ["localcloud.log"]
    with pytest.raises(URLError):
        remote.health(env)
    process.down(home)
    with pytest.raises(process.NotRunning, match="hygiene local up"):
        process.env(home)


def test_a_state_that_outlived_its_process_is_not_believed(home: Path) -> None:
    home.mkdir()
    # The pid is this test's own: it must not be taken for the local cloud's.
    (home / "localcloud.json").write_text(f'{{"pid": {os.getpid()}, "estate": "x", "env": {{}}}}')
    with pytest.raises(process.NotRunning):
        process.env(home)
    process.down(home)
    assert list(home.iterdir()) == []


def test_an_unknown_estate_is_refused_before_anything_starts(home: Path) -> None:
    with pytest.raises(ValueError, match="no estate 'nowhere'"):
        process.up(home, "nowhere")
    assert not home.exists()


def test_a_start_that_fails_says_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(process.NotRunning, match="did not start"):
        process.up(home, "traps")


def test_another_process_can_do_all_of_it(cloud, seed, hourly) -> None:
    seed(tags={"team": "ranking"})
    env, before = cloud.env, cloud.clock.now()
    assert remote.move(env, 2) >= before + timedelta(days=2)
    assert remote.now(env) - cloud.clock.now() < timedelta(seconds=5)
    assert remote.endpoints(env) == ["one"]
    remote.traffic(env, "one", 6, variant="AllTraffic")
    assert sum(hourly("Invocations", EndpointName="one", VariantName="AllTraffic")) == 6
    remote.tag(env, "one", team=None, cost_center="4711")
    assert cloud.aws.region("111111111111", "us-east-1").tags == {
        cloud.endpoint("one").arn: {"cost-center": "4711"}
    }
    (asked,) = remote.requests(env, "GetMetricData")
    assert (asked["service"], asked["status"], asked["mutating"]) == ("cloudwatch", 200, False)
    assert remote.requests(env, "DeleteEndpoint") == []


def test_faults_from_outside(cloud, client) -> None:
    remote.fault(cloud.env, "ListEndpoints", "denied", None, region="us-east-1")
    with pytest.raises(client("sagemaker").exceptions.ClientError):
        client("sagemaker").list_endpoints()
    remote.mend(cloud.env)
    client("sagemaker").list_endpoints()


@pytest.mark.parametrize(
    "act",
    [
        lambda env: remote.traffic(env, "nobody"),
        lambda env: remote.move(env, -1),
        lambda env: remote.fault(env, "ListEndpoints", "flood"),
        lambda env: remote.fault(env, "ListEndpoints", "500", planet="mars"),
    ],
)
def test_nonsense_from_outside_is_refused(cloud, act) -> None:
    with pytest.raises(HTTPError) as refused:
        act(cloud.env)
    assert refused.value.code == 400
    assert b"Error" in refused.value.read()
