"""The script that this project is compared with: right, but one endpoint after another.

It asks for every page, for the exact dimensions of every variant, and takes missing data for
unknown, so its answer can be trusted. What it does not do is ask for many things at once.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

WINDOW = timedelta(days=7)
HOUR = 3600


def idle_endpoints(session: boto3.Session, now: datetime) -> list[str]:
    """The names of the endpoints of one region that nobody called in the last seven days."""
    sagemaker, cloudwatch = session.client("sagemaker"), session.client("cloudwatch")
    pages = sagemaker.get_paginator("list_endpoints").paginate(PaginationConfig={"PageSize": 100})
    idle = []
    for page in pages:
        for endpoint in page["Endpoints"]:
            name = endpoint["EndpointName"]
            described = sagemaker.describe_endpoint(EndpointName=name)
            tags = sagemaker.list_tags(ResourceArn=endpoint["EndpointArn"])["Tags"]
            variants = [one["VariantName"] for one in described["ProductionVariants"]]
            calls = [_calls(cloudwatch, name, variant, now) for variant in variants]
            if _without_keep(tags) and calls and all(one == 0 for one in calls):
                idle.append(name)
    return idle


def _calls(cloudwatch: Any, endpoint: str, variant: str, now: datetime) -> float | None:
    """How often one variant was called in the window; None where there is no data."""
    answer = cloudwatch.get_metric_statistics(
        Namespace="AWS/SageMaker",
        MetricName="Invocations",
        Dimensions=[
            {"Name": "EndpointName", "Value": endpoint},
            {"Name": "VariantName", "Value": variant},
        ],
        StartTime=now - WINDOW,
        EndTime=now,
        Period=HOUR,
        Statistics=["Sum"],
    )
    points: list[dict[str, Any]] = answer["Datapoints"]
    return sum(float(point["Sum"]) for point in points) if points else None


def _without_keep(tags: list[dict[str, str]]) -> bool:
    return all(tag["Key"] != "keep" for tag in tags)


if __name__ == "__main__":
    print(json.dumps(idle_endpoints(boto3.Session(), datetime.now(UTC))))
