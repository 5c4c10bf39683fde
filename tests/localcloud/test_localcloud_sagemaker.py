"""Configs, inference components, tags and the tagging service."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from hygiene.localcloud.spec import many

ENDPOINTS = {"ResourceTypeFilters": ["sagemaker:endpoint"]}


def _tags(resources) -> dict[str, dict[str, str]]:
    return {
        one["ResourceARN"].rsplit("/", 1)[1]: {tag["Key"]: tag["Value"] for tag in one["Tags"]}
        for one in resources
    }


def test_a_config_may_be_deleted_under_its_endpoint(seed, client) -> None:
    seed()
    sagemaker = client("sagemaker")
    sagemaker.delete_endpoint_config(EndpointConfigName="one-config")
    with pytest.raises(ClientError, match="Could not find endpoint configuration"):
        sagemaker.describe_endpoint_config(EndpointConfigName="one-config")
    assert sagemaker.describe_endpoint(EndpointName="one")["EndpointConfigName"] == "one-config"


def test_a_config_comes_back_as_it_was_given(client) -> None:
    sagemaker = client("sagemaker")
    sagemaker.create_model(
        ModelName="m", ExecutionRoleArn="arn:aws:iam::111111111111:role/sagemaker"
    )
    given = {
        "EndpointConfigName": "c",
        "ProductionVariants": [
            {
                "VariantName": "main",
                "ModelName": "m",
                "InstanceType": "ml.g6.xlarge",
                "InitialInstanceCount": 1,
            }
        ],
        "AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://b/out"}},
    }
    sagemaker.create_endpoint_config(**given)
    shown = sagemaker.describe_endpoint_config(EndpointConfigName="c")
    assert {key: shown[key] for key in given} == given


def test_components_are_listed_by_endpoint_in_pages(seed, client) -> None:
    seed("one", hosting="components", components=[{"name": f"c{n}"} for n in range(12)])
    seed("two", hosting="components", components=[{"name": "other", "copies": 2}])
    sagemaker = client("sagemaker")
    first = sagemaker.list_inference_components(EndpointNameEquals="one")
    rest = sagemaker.list_inference_components(
        EndpointNameEquals="one", NextToken=first["NextToken"]
    )
    names = {
        one["InferenceComponentName"]
        for page in (first, rest)
        for one in page["InferenceComponents"]
    }
    assert (len(first["InferenceComponents"]), len(names)) == (10, 12)
    assert len(sagemaker.list_inference_components(MaxResults=100)["InferenceComponents"]) == 13
    shown = sagemaker.describe_inference_component(InferenceComponentName="two-other")
    assert shown["RuntimeConfig"]["CurrentCopyCount"] == 2
    assert shown["EndpointName"] == "two"


def test_a_component_is_made_on_an_endpoint(seed, client, hourly, cloud) -> None:
    seed(hosting="components")
    sagemaker = client("sagemaker")
    sagemaker.create_inference_component(
        InferenceComponentName="new", EndpointName="one", VariantName="AllTraffic"
    )
    cloud.traffic("one", 5)
    assert sum(hourly("Invocations", InferenceComponentName="new")) == 5
    with pytest.raises(ClientError, match="Could not find endpoint"):
        sagemaker.create_inference_component(
            InferenceComponentName="x", EndpointName="nobody", VariantName="AllTraffic"
        )


def test_tags_of_one_resource_in_pages(seed, client, cloud) -> None:
    seed(tags={f"key-{n:02}": str(n) for n in range(60)})
    arn = cloud.arn("one", "111111111111")
    sagemaker = client("sagemaker")
    first = sagemaker.list_tags(ResourceArn=arn)
    assert len(first["Tags"]) == 50
    assert len(sagemaker.list_tags(ResourceArn=arn, NextToken=first["NextToken"])["Tags"]) == 10
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "key-00", "Value": "new"}])
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["key-01"])
    pages = sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn)
    tags = {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}
    assert (tags["key-00"], "key-01" in tags, len(tags)) == ("new", False, 59)


def test_the_tagging_service_lists_only_what_has_or_had_tags(seed, client, cloud) -> None:
    seed("tagged", tags={"team": "ranking", "owner": "ada@example.com"})
    seed("bare", tags={"team": "x"})
    seed("never")
    cloud.tag("bare", team=None)
    tagging = client("resourcegroupstaggingapi")
    answer = tagging.get_resources(**ENDPOINTS)
    assert _tags(answer["ResourceTagMappingList"]) == {
        "tagged": {"owner": "ada@example.com", "team": "ranking"},
        "bare": {},
    }
    assert answer["PaginationToken"] == ""


def test_the_tagging_service_pages_by_one_hundred(client, cloud) -> None:
    cloud.seed(many(total=130, idle=30))
    pages = list(client("resourcegroupstaggingapi").get_paginator("get_resources").paginate())
    assert [len(page["ResourceTagMappingList"]) for page in pages] == [100, 30]


def test_the_tagging_service_filters(seed, client, cloud) -> None:
    seed("a", tags={"team": "ranking"})
    seed("b", tags={"team": "speech"})
    tagging = client("resourcegroupstaggingapi")

    def names(**asked: object) -> set[str]:
        return set(_tags(tagging.get_resources(**asked)["ResourceTagMappingList"]))

    assert names(TagFilters=[{"Key": "team"}]) == {"a", "b"}
    assert names(TagFilters=[{"Key": "Team"}]) == set()
    assert names(TagFilters=[{"Key": "team", "Values": ["speech"]}]) == {"b"}
    assert names(ResourceTypeFilters=["sagemaker"]) == {"a", "b"}
    assert names(ResourceTypeFilters=["sagemaker:model"]) == set()
    assert names(ResourceARNList=[cloud.arn("a", "111111111111")]) == {"a"}


def test_arns_do_not_go_with_filters_and_not_beyond_one_hundred(client, cloud) -> None:
    tagging = client("resourcegroupstaggingapi")
    arns = [cloud.arn(f"e{n}", "111111111111") for n in range(101)]
    for asked in (
        {"ResourceARNList": arns},
        {"ResourceARNList": arns[:1], **ENDPOINTS},
        {"ResourcesPerPage": 101},
    ):
        with pytest.raises(ClientError, match="InvalidParameterException"):
            tagging.get_resources(**asked)
