"""What goes wrong on purpose, seen by clients that do not retry, and by those that do."""

from __future__ import annotations

import threading
import time

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from hygiene.localcloud.cloud import running
from hygiene.localcloud.faults import Faults

ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=0.3)
RETRYING = Config(retries={"total_max_attempts": 3, "mode": "standard"}, read_timeout=0.3)


@pytest.fixture
def sagemaker(client):
    return client("sagemaker", config=ONCE)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("throttle", "ThrottlingException"),
        ("500", "InternalFailure"),
        ("denied", "AccessDeniedException"),
    ],
)
def test_errors_are_the_services_own(seed, sagemaker, cloud, kind, code) -> None:
    seed()
    cloud.faults.add("DeleteEndpoint", kind)
    with pytest.raises(ClientError, match=code):
        sagemaker.delete_endpoint(EndpointName="one")
    assert cloud.endpoint("one").status == "InService"
    sagemaker.delete_endpoint(EndpointName="one")
    assert cloud.endpoint("one").status == "Deleting"


def test_each_service_throttles_in_its_own_words(client, cloud) -> None:
    cloud.faults.add(None, "throttle", count=2)
    with pytest.raises(ClientError, match="Throttling\\)"):
        client("cloudwatch", config=ONCE).list_metrics()
    with pytest.raises(ClientError, match="Throttling\\)"):
        client("sts", config=ONCE).get_caller_identity()


def test_a_patient_client_gets_through(client, cloud) -> None:
    cloud.faults.add("ListEndpoints", "throttle", count=1)
    cloud.faults.add("ListEndpoints", "reset", count=1)
    assert client("sagemaker", config=RETRYING).list_endpoints()["Endpoints"] == []
    assert [one.status for one in cloud.log.of("ListEndpoints")] == [400, 0, 200]


@pytest.mark.parametrize(
    ("kind", "error", "status"),
    [
        ("timeout", ReadTimeoutError, "InService"),
        ("timeout_after", ReadTimeoutError, "Deleting"),
        ("reset", ConnectionClosedError, "InService"),
        ("reset_after", ConnectionClosedError, "Deleting"),
    ],
)
def test_silence_before_and_after_the_deed(seed, sagemaker, cloud, kind, error, status) -> None:
    seed()
    cloud.faults.add("DeleteEndpoint", kind)
    with pytest.raises((error, ConnectionError)):
        sagemaker.delete_endpoint(EndpointName="one")
    assert cloud.endpoint("one").status == status
    assert [one.status for one in cloud.log] == [0]


def test_a_page_that_stops_in_the_middle_reads_as_an_empty_one(seed, sagemaker, cloud) -> None:
    seed()
    cloud.faults.add("ListEndpoints", "broken_page")
    assert "Endpoints" not in sagemaker.list_endpoints()


def test_an_answer_without_its_keys(seed, sagemaker, cloud) -> None:
    seed()
    cloud.faults.add("ListEndpoints", "missing_keys")
    assert "Endpoints" not in sagemaker.list_endpoints()
    assert len(sagemaker.list_endpoints()["Endpoints"]) == 1


def test_faults_strike_where_they_are_aimed(seed, client, sagemaker, cloud) -> None:
    seed("one")
    seed("two")
    cloud.faults.add("DescribeEndpoint", "500", count=None, resource="two")
    cloud.faults.add("ListEndpoints", "denied", count=None, region="us-west-2")
    sagemaker.describe_endpoint(EndpointName="one")
    for _ in range(3):
        with pytest.raises(ClientError):
            sagemaker.describe_endpoint(EndpointName="two")
    sagemaker.list_endpoints()
    with pytest.raises(ClientError):
        client("sagemaker", region="us-west-2").list_endpoints()
    cloud.faults.clear()
    client("sagemaker", region="us-west-2").list_endpoints()


def test_faults_are_counted_and_aimed() -> None:
    faults = Faults()
    faults.add("A", "500", count=2, account="1")
    faults.add(None, "throttle", count=None, region="r")
    assert faults.take("A", "2", "x", None) is None
    assert [faults.take("A", "1", "x", None) for _ in range(3)] == ["500", "500", None]
    assert faults.take("B", None, "r", None) == "throttle"
    with pytest.raises(ValueError, match="no fault 'flood'"):
        faults.add("A", "flood")  # type: ignore[arg-type]


def test_held_connections_do_not_keep_the_cloud_from_closing(client) -> None:
    failed = threading.Event()
    with running() as cloud:
        cloud.faults.add("ListEndpoints", "timeout")
        patient = client.session.client(
            "sagemaker",
            region_name="us-east-1",
            endpoint_url=cloud.aws_url,
            aws_access_key_id=cloud.env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key="any",
            config=Config(retries={"total_max_attempts": 1}, read_timeout=60),
        )

        def ask() -> None:
            with pytest.raises((ConnectionClosedError, ConnectionError)):
                patient.list_endpoints()
            failed.set()

        thread = threading.Thread(target=ask)
        thread.start()
        while cloud.log.count() == 0:
            time.sleep(0.005)
        began = time.monotonic()
    thread.join(10)
    assert failed.is_set()
    assert time.monotonic() - began < 10
