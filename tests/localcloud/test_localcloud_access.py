"""Who may do what, in which account; and what the log keeps of it."""

from __future__ import annotations

import pytest
import urllib3
from botocore.config import Config
from botocore.exceptions import ClientError

from hygiene.localcloud.operations import OPERATIONS, is_mutating


def test_accounts_are_worlds_apart(seed, client) -> None:
    seed("here")
    seed("there", account="222222222222")
    seed("west", region="us-west-2")

    def names(sagemaker) -> list[str]:
        return [one["EndpointName"] for one in sagemaker.list_endpoints()["Endpoints"]]

    assert names(client("sagemaker")) == ["here"]
    assert names(client("sagemaker", region="us-west-2")) == ["west"]
    assert names(client.as_role("sagemaker", "hygiene-reader", "222222222222")) == ["there"]


def test_says_who_is_asking(client) -> None:
    identity = client("sts").get_caller_identity()
    assert identity["Account"] == "111111111111"
    role = client.as_role("sts", "hygiene-writer", "333333333333").get_caller_identity()
    assert role["Account"] == "333333333333"
    assert role["Arn"] == "arn:aws:sts::333333333333:assumed-role/hygiene-writer/test"


def test_a_role_needs_an_arn(client) -> None:
    with pytest.raises(ClientError, match="ValidationError"):
        client("sts").assume_role(RoleArn="arn:aws:iam::1:user/nobody", RoleSessionName="test")


def test_a_reader_cannot_write(seed, client, cloud) -> None:
    seed()
    reader = client.as_role("sagemaker", "hygiene-reader")
    arn = cloud.arn("one", "111111111111")
    assert reader.describe_endpoint(EndpointName="one")
    for call in (
        lambda: reader.delete_endpoint(EndpointName="one"),
        lambda: reader.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}]),
    ):
        with pytest.raises(ClientError, match="AccessDeniedException"):
            call()
    client.as_role("sagemaker", "hygiene-writer").delete_endpoint(EndpointName="one")
    assert [(one.operation, one.role, one.status) for one in cloud.log.mutating()] == [
        ("DeleteEndpoint", "hygiene-reader", 400),
        ("AddTags", "hygiene-reader", 400),
        ("DeleteEndpoint", "hygiene-writer", 200),
    ]


@pytest.mark.parametrize("service", ["sts", "sagemaker", "cloudwatch", "resourcegroupstaggingapi"])
def test_unknown_keys_are_refused(client, cloud, service: str) -> None:
    read = {
        "sts": "get_caller_identity",
        "sagemaker": "list_endpoints",
        "cloudwatch": "list_metrics",
        "resourcegroupstaggingapi": "get_resources",
    }[service]
    with pytest.raises(ClientError) as refused:
        getattr(client(service, key="AKIAIOSFODNN7EXAMPLE"), read)()
    assert refused.value.response["Error"]["Code"] == "InvalidClientTokenId"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert [one.account for one in cloud.log] == [None]


def test_keys_of_assumed_roles_end_with_a_reset(client, cloud) -> None:
    reader = client.as_role("sagemaker", "hygiene-reader")
    cloud.reset()
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        reader.list_endpoints()


def test_unsigned_requests_are_refused(cloud) -> None:
    assert urllib3.request("POST", cloud.aws_url).status == 403


def test_what_is_not_there_says_so_once(client, cloud) -> None:
    with pytest.raises(ClientError) as refused:
        client("sagemaker").stop_training_job(TrainingJobName="one")
    assert refused.value.response["Error"]["Code"] == "UnknownOperationException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert cloud.log.count() == 1


def test_the_log_says_what_was_asked_of_which_endpoint(seed, client, cloud) -> None:
    seed("MyModel", scaling={"min": 1, "max": 2, "target": 5})
    sagemaker, arn = client("sagemaker"), cloud.arn("MyModel", "111111111111")
    sagemaker.describe_endpoint(EndpointName="MyModel")
    sagemaker.list_tags(ResourceArn=arn)
    client("application-autoscaling").deregister_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId="endpoint/MyModel/variant/AllTraffic",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
    )
    assert [(one.service, one.operation, one.resource, one.mutating) for one in cloud.log] == [
        ("sagemaker", "DescribeEndpoint", "MyModel", False),
        ("sagemaker", "ListTags", "mymodel", False),
        ("application-autoscaling", "DeregisterScalableTarget", "MyModel", True),
    ]
    (one,) = cloud.log.of("ListTags")
    assert (one.account, one.region, one.role, one.status) == (
        "111111111111",
        "us-east-1",
        None,
        200,
    )
    assert cloud.log.count() == 3


def test_operations_that_change_something() -> None:
    writes = {operation for _, operation in OPERATIONS if is_mutating(operation)}
    assert {one for one in writes if one.startswith(("Get", "List", "Describe"))} == set()
    assert {"DeleteEndpoint", "CreateEndpoint", "AddTags", "PutScalingPolicy"} <= writes
    assert "AssumeRole" not in writes


def test_what_is_not_overlaid_is_answered_by_moto_in_the_callers_account(client, cloud) -> None:
    s3 = client("s3", config=Config(s3={"addressing_style": "path"}))
    s3.create_bucket(Bucket="weights")
    s3.list_objects_v2(Bucket="weights")
    client("sagemaker").create_notebook_instance(
        NotebookInstanceName="mine", InstanceType="ml.t3.medium", RoleArn="arn:aws:iam::1:role/x"
    )
    theirs = client.as_role("sagemaker", "analyst", "222222222222")
    assert theirs.list_notebook_instances()["NotebookInstances"] == []
    (mine,) = client("sagemaker").list_notebook_instances()["NotebookInstances"]
    assert mine["NotebookInstanceName"] == "mine"
    assert [one.operation for one in cloud.log.mutating()] == [
        "PUT /weights",
        "CreateNotebookInstance",
    ]
    cloud.reset()
    assert client("sagemaker").list_notebook_instances()["NotebookInstances"] == []
