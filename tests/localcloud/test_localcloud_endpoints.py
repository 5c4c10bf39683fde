"""SageMaker endpoints as a client sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from hygiene.localcloud.spec import many

GONE = 'Could not find endpoint "arn:aws:sagemaker:us-east-1:111111111111:endpoint/{}"'


@pytest.fixture
def sagemaker(client):
    return client("sagemaker")


def _config(sagemaker, name: str = "cfg", **fields: object) -> None:
    sagemaker.create_model(
        ModelName=f"{name}-model", ExecutionRoleArn="arn:aws:iam::111111111111:role/sagemaker"
    )
    variant = {"VariantName": "main", "ModelName": f"{name}-model", **fields}
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])


def test_lists_ten_a_page_unless_asked_for_more(cloud, sagemaker) -> None:
    cloud.seed(many(total=120, idle=20))
    first = sagemaker.list_endpoints()
    assert len(first["Endpoints"]) == 10
    second = sagemaker.list_endpoints(NextToken=first["NextToken"])
    assert not {one["EndpointName"] for one in first["Endpoints"]} & {
        one["EndpointName"] for one in second["Endpoints"]
    }
    pages = list(sagemaker.get_paginator("list_endpoints").paginate(MaxResults=100))
    assert [len(page["Endpoints"]) for page in pages] == [100, 20]
    assert "NextToken" not in pages[-1]


def test_refuses_pages_beyond_one_hundred_and_foreign_tokens(sagemaker) -> None:
    with pytest.raises(ClientError, match="less than or equal to 100"):
        sagemaker.list_endpoints(MaxResults=101)
    with pytest.raises(ClientError, match="ValidationException"):
        sagemaker.list_endpoints(NextToken="nonsense")


def test_lists_by_status_name_and_age(seed, cloud, sagemaker) -> None:
    seed("old-one", age_days=300)
    seed("new-one", age_days=2)
    seed("broken", status="Failed")

    def listed(**asked: object) -> list[str]:
        return [one["EndpointName"] for one in sagemaker.list_endpoints(**asked)["Endpoints"]]

    assert listed() == ["new-one", "broken", "old-one"]
    assert listed(StatusEquals="InService") == ["new-one", "old-one"]
    assert listed(NameContains="-one", SortBy="Name", SortOrder="Ascending") == [
        "new-one",
        "old-one",
    ]
    before = cloud.clock.now() - timedelta(days=100)
    assert listed(CreationTimeBefore=before) == ["old-one"]
    assert listed(CreationTimeAfter=before) == ["new-one", "broken"]


def test_describes_instances_without_their_type(seed, cloud, sagemaker) -> None:
    seed(variants=[{"name": "main", "instance_type": "ml.g5.xlarge", "count": 2}], age_days=9)
    shown = sagemaker.describe_endpoint(EndpointName="one")
    (variant,) = shown["ProductionVariants"]
    assert (variant["CurrentInstanceCount"], variant["DesiredInstanceCount"]) == (2, 2)
    assert "InstanceType" not in variant
    age = cloud.clock.now() - shown["CreationTime"]
    assert timedelta(days=9) <= age < timedelta(days=9, minutes=5)
    config = sagemaker.describe_endpoint_config(EndpointConfigName=shown["EndpointConfigName"])
    assert config["ProductionVariants"][0]["InstanceType"] == "ml.g5.xlarge"


def test_describes_every_hosting(seed, sagemaker) -> None:
    seed("quiet", hosting="serverless", variants=[{"concurrency": 3}])
    seed("waiting", hosting="async")
    seed("shadowed", variants=[{"name": "live"}, {"name": "trial", "shadow": True}])
    seed("captured", data_capture=True)

    def shown(name: str):
        return sagemaker.describe_endpoint(EndpointName=name)

    serverless = shown("quiet")["ProductionVariants"][0]
    assert serverless["CurrentServerlessConfig"]["ProvisionedConcurrency"] == 3
    assert "CurrentInstanceCount" not in serverless
    assert "S3OutputPath" in shown("waiting")["AsyncInferenceConfig"]["OutputConfig"]
    assert [one["VariantName"] for one in shown("shadowed")["ProductionVariants"]] == ["live"]
    assert [one["VariantName"] for one in shown("shadowed")["ShadowProductionVariants"]] == [
        "trial"
    ]
    assert shown("captured")["DataCaptureConfig"]["CaptureStatus"] == "Started"
    assert not {"AsyncInferenceConfig", "DataCaptureConfig"} & set(shown("quiet"))


def test_a_missing_endpoint_is_a_validation_exception(sagemaker) -> None:
    with pytest.raises(ClientError) as refused:
        sagemaker.describe_endpoint(EndpointName="nobody")
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert GONE.format("nobody") in refused.value.response["Error"]["Message"]


def test_names_keep_their_case_and_arns_do_not(seed, sagemaker, hourly) -> None:
    seed("MyModel", traffic={"busy": 2})
    shown = sagemaker.describe_endpoint(EndpointName="mymodel")
    assert shown["EndpointName"] == "MyModel"
    assert shown["EndpointArn"].endswith(":endpoint/mymodel")
    assert hourly("Invocations", EndpointName="MyModel", VariantName="AllTraffic")[0] == 2
    assert hourly("Invocations", EndpointName="mymodel", VariantName="AllTraffic") == []


def test_deleting_shows_for_one_look_and_then_it_is_gone(seed, sagemaker, cloud) -> None:
    seed(tags={"team": "ranking"}, scaling={"min": 1, "max": 2, "target": 10})
    arn = cloud.arn("one", "111111111111")
    sagemaker.delete_endpoint(EndpointName="one")
    assert sagemaker.list_endpoints()["Endpoints"][0]["EndpointStatus"] == "Deleting"
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        sagemaker.delete_endpoint(EndpointName="one")
    assert sagemaker.describe_endpoint(EndpointName="one")["EndpointStatus"] == "Deleting"
    with pytest.raises(ClientError, match="Could not find endpoint"):
        sagemaker.describe_endpoint(EndpointName="one")
    assert sagemaker.list_endpoints()["Endpoints"] == []
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == []
    assert sagemaker.describe_endpoint_config(EndpointConfigName="one-config")


def test_scalable_targets_vanish_with_their_endpoint(seed, client, sagemaker) -> None:
    seed("one", scaling={"min": 1, "max": 2, "target": 10})
    seed("two", scaling={"min": 1, "max": 2, "target": 10})
    scaling = client("application-autoscaling")
    sagemaker.delete_endpoint(EndpointName="one")
    for read, key in (
        (scaling.describe_scalable_targets, "ScalableTargets"),
        (scaling.describe_scaling_policies, "ScalingPolicies"),
    ):
        left = read(ServiceNamespace="sagemaker")[key]
        assert [one["ResourceId"] for one in left] == ["endpoint/two/variant/AllTraffic"]


def test_transitions_can_take_no_time_or_end_with_time(seed, cloud, sagemaker) -> None:
    seed("one")
    seed("two")
    cloud.aws.looks_in_progress = 0
    sagemaker.delete_endpoint(EndpointName="one")
    with pytest.raises(ClientError, match="Could not find endpoint"):
        sagemaker.describe_endpoint(EndpointName="one")
    cloud.aws.looks_in_progress = 100
    sagemaker.delete_endpoint(EndpointName="two")
    assert sagemaker.describe_endpoint(EndpointName="two")["EndpointStatus"] == "Deleting"
    cloud.clock.move(timedelta(hours=1))
    with pytest.raises(ClientError, match="Could not find endpoint"):
        sagemaker.describe_endpoint(EndpointName="two")
    assert sagemaker.list_endpoints()["Endpoints"] == []


@pytest.mark.parametrize("status", ["Creating", "Updating"])
def test_what_is_in_progress_is_not_deleted(seed, sagemaker, status: str) -> None:
    seed(status=status)
    for _ in range(3):
        assert sagemaker.describe_endpoint(EndpointName="one")["EndpointStatus"] == status
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        sagemaker.delete_endpoint(EndpointName="one")


def test_a_failed_one_is_deleted(seed, sagemaker) -> None:
    seed(status="Failed")
    assert "FailureReason" in sagemaker.describe_endpoint(EndpointName="one")
    sagemaker.delete_endpoint(EndpointName="one")
    assert sagemaker.describe_endpoint(EndpointName="one")["EndpointStatus"] == "Deleting"


def test_components_hold_their_endpoint(seed, sagemaker) -> None:
    seed(hosting="components", components=[{"name": "llama"}])
    with pytest.raises(ClientError, match="inference components"):
        sagemaker.delete_endpoint(EndpointName="one")
    assert sagemaker.describe_endpoint(EndpointName="one")["EndpointStatus"] == "InService"
    sagemaker.delete_inference_component(InferenceComponentName="one-llama")
    sagemaker.delete_endpoint(EndpointName="one")


def test_it_can_be_made_again_from_its_config(seed, cloud, sagemaker, hourly) -> None:
    seed(variants=[{"name": "main", "count": 3}], traffic={"busy": 4})
    sagemaker.delete_endpoint(EndpointName="one")
    sagemaker.describe_endpoint(EndpointName="one")
    cloud.clock.move(timedelta(days=3))
    sagemaker.create_endpoint(
        EndpointName="one",
        EndpointConfigName="one-config",
        Tags=[{"Key": "owner", "Value": "ada@example.com"}],
    )
    assert sagemaker.describe_endpoint(EndpointName="one")["EndpointStatus"] == "Creating"
    shown = sagemaker.describe_endpoint(EndpointName="one")
    assert shown["EndpointStatus"] == "InService"
    assert shown["ProductionVariants"][0]["CurrentInstanceCount"] == 3
    tags = sagemaker.list_tags(ResourceArn=shown["EndpointArn"])["Tags"]
    assert tags == [{"Key": "owner", "Value": "ada@example.com"}]
    cloud.clock.move(timedelta(days=1))
    values = hourly("Invocations", EndpointName="one", VariantName="main")
    # Three days of calls, a hole of three days while it was gone, and a day of zeros.
    assert 4.0 in values
    assert 90 <= len(values) <= 100
    assert values[-20:] == [0.0] * 20


def test_creating_needs_a_config_with_models_and_a_free_name(seed, sagemaker) -> None:
    seed()
    with pytest.raises(ClientError, match="Could not find endpoint configuration"):
        sagemaker.create_endpoint(EndpointName="two", EndpointConfigName="nobody")
    with pytest.raises(ClientError, match="already existing"):
        sagemaker.create_endpoint(EndpointName="ONE", EndpointConfigName="one-config")
    with pytest.raises(ClientError, match="Could not find model"):
        sagemaker.create_endpoint_config(
            EndpointConfigName="c",
            ProductionVariants=[{"VariantName": "main", "ModelName": "nobody"}],
        )


def test_updating_moves_it_to_another_config(seed, sagemaker) -> None:
    seed()
    _config(sagemaker, "bigger", InstanceType="ml.g6e.48xlarge", InitialInstanceCount=2)
    sagemaker.update_endpoint(EndpointName="one", EndpointConfigName="bigger")
    assert sagemaker.describe_endpoint(EndpointName="one")["EndpointStatus"] == "Updating"
    shown = sagemaker.describe_endpoint(EndpointName="one")
    assert (shown["EndpointStatus"], shown["EndpointConfigName"]) == ("InService", "bigger")
    assert shown["ProductionVariants"][0]["CurrentInstanceCount"] == 2
