"""What a session lets onto the wire, and whose credentials it carries."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config

from hygiene.clouds.aws.endpoint import EndpointReader
from hygiene.clouds.aws.operations import READS, WRITES
from hygiene.clouds.aws.session import (
    NotAllowedError,
    Patience,
    SessionError,
    assumed,
    base_session,
    caller,
    default_region,
    reading,
    writing,
)
from hygiene.model.resource import Gap

ROLE = "arn:aws:iam::222222222222:role/hygiene-reader"


UNCHECKED = Config(parameter_validation=False)
"""Lets a request without parameters come as far as the wire."""


@pytest.mark.parametrize("name", ["delete_endpoint", "stop_notebook_instance", "create_endpoint"])
def test_a_reading_session_never_writes(here: Any, name: str) -> None:
    client = reading(here.session).client("sagemaker", config=UNCHECKED)
    operation = client.meta.method_to_api_mapping[name]
    with pytest.raises(NotAllowedError, match=f"sagemaker {operation} was not sent"):
        getattr(client, name)()
    assert here.cloud.log.count() == 0


@pytest.mark.parametrize("service", ["sagemaker", "cloudwatch", "application-autoscaling", "sts"])
def test_only_what_is_declared_passes(here: Any, service: str) -> None:
    """Every operation of every service in use is tried; no other reaches the wire."""
    client = reading(here.session).client(service, config=UNCHECKED)
    declared = {one.name for one in READS if one.service == _event_name(client)}
    for name, operation in client.meta.method_to_api_mapping.items():
        if operation in declared:
            continue
        with pytest.raises(NotAllowedError):
            getattr(client, name)()
    assert declared
    assert here.cloud.log.count() == 0


def test_another_service_altogether(here: Any) -> None:
    with pytest.raises(NotAllowedError):
        reading(here.session).client("s3").delete_bucket(Bucket="bucket")
    with pytest.raises(NotAllowedError):
        writing(here.session).client("ec2").terminate_instances(InstanceIds=["i-1"])
    assert here.cloud.log.count() == 0


def test_a_writing_session_writes_what_is_declared_only(here: Any) -> None:
    client = writing(here.session).client("sagemaker")
    with pytest.raises(client.exceptions.ClientError):
        client.delete_endpoint(EndpointName="nothing")
    with pytest.raises(NotAllowedError):
        client.delete_model(ModelName="nothing")
    assert [one.operation for one in here.cloud.log] == ["DeleteEndpoint"]


def test_a_limited_session_stays_limited(here: Any) -> None:
    client = writing(reading(here.session)).client("sagemaker")
    with pytest.raises(NotAllowedError):
        client.delete_model(ModelName="nothing")


def test_the_session_given_is_left_as_it_was(here: Any) -> None:
    reading(here.session)
    client = here.session.client("sagemaker")
    with pytest.raises(client.exceptions.ClientError):
        client.delete_endpoint(EndpointName="nothing")
    assert len(here.cloud.log.of("DeleteEndpoint")) == 1


@pytest.mark.parametrize("operation", READS + WRITES, ids=lambda one: one.name)
def test_every_declared_operation_exists(here: Any, operation: Any) -> None:
    services = {
        "resource-groups-tagging-api": "resourcegroupstaggingapi",
        "application-auto-scaling": "application-autoscaling",
    }
    client = here.session.client(services.get(operation.service, operation.service))
    assert _event_name(client) == operation.service
    assert operation.name in client.meta.service_model.operation_names


def _event_name(client: Any) -> str:
    name: str = client.meta.service_model.service_id.hyphenize()
    return name


def test_a_role_is_assumed_when_first_needed(here: Any) -> None:
    session = reading(assumed(here.session, ROLE, "hygiene-test"))
    assert here.cloud.log.count() == 0
    assert caller(session) == "222222222222"
    assert caller(session) == "222222222222"
    assert [one.operation for one in here.cloud.log].count("AssumeRole") == 1


def test_no_role_is_the_session_itself(here: Any) -> None:
    assert assumed(here.session, None, "hygiene-test") is here.session
    assert caller(here.session) == "111111111111"


def test_a_role_that_cannot_be_assumed_is_a_gap(here: Any) -> None:
    here.cloud.faults.add("AssumeRole", "denied", None)
    session = assumed(here.session, ROLE, "hygiene-test")
    place = here.ref("idle").place
    reader = EndpointReader(session, place)
    found, (gap,) = reader.scan(here.window, 0)
    assert (found, gap.ref) == ((), None)
    assert gap.reason
    assert isinstance(reader.look(here.ref("idle"), here.window), Gap)


def test_a_password_in_the_endpoints_url_is_not_repeated(
    here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://bot:s3cret@127.0.0.1:9")
    reader = EndpointReader(boto3.Session(), here.ref("idle").place, Patience(attempts=1))
    _, (gap,) = reader.scan(here.window, 0)
    assert "//***@127.0.0.1:9" in gap.reason
    assert "s3cret" not in gap.reason


def test_no_credentials(here: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    session = base_session()
    with pytest.raises(SessionError, match="credentials"):
        caller(reading(session))
    with pytest.raises(SessionError, match="no AWS credentials"):
        assumed(session, ROLE, "hygiene-test")


def test_profiles_and_regions(here: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    config = tmp_path / "config"
    config.write_text("[profile there]\nregion = eu-north-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION", raising=False)
    assert default_region(base_session("there")) == "eu-north-1"
    assert default_region(reading(base_session("there"))) == "eu-north-1"
    assert default_region(base_session()) is None
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert default_region(base_session()) == "eu-west-1"
    assert default_region(base_session("there")) == "eu-north-1"
    with pytest.raises(SessionError, match="nowhere"):
        base_session("nowhere")


def test_nobody_knows_the_caller(here: Any) -> None:
    stranger = boto3.Session("AKIAUNKNOWN", "secret", region_name="us-east-1")
    with pytest.raises(SessionError, match="does not know who is asking"):
        caller(stranger)
