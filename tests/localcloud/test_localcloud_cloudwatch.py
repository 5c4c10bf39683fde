"""CloudWatch as a client sees it: exact dimensions, limits and pages."""

from __future__ import annotations

import time
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import urllib3
from botocore.exceptions import ClientError

from hygiene.localcloud.spec import many

VARIANT = {"EndpointName": "one", "VariantName": "AllTraffic"}


def test_the_endpoint_alone_finds_nothing(seed, hourly) -> None:
    seed(traffic={"busy": 120})
    assert hourly("Invocations", EndpointName="one") == []
    assert sum(hourly("Invocations", **VARIANT)) >= 120 * 7 * 24


def test_an_idle_endpoint_publishes_zeros_for_every_hour(seed, hourly) -> None:
    seed()
    values = hourly("Invocations", **VARIANT)
    assert len(values) in (168, 169)
    assert set(values) == {0.0}
    assert hourly("Invocations", stat="SampleCount", **VARIANT)[0] == 60


def test_components_publish_under_their_own_name_only(seed, hourly) -> None:
    seed(hosting="components", components=[{"name": "llama", "traffic": {"busy": 60}}])
    assert hourly("Invocations", **VARIANT) == []
    assert hourly("Invocations", InferenceComponentName="one-llama")[0] == 60


def test_asynchronous_endpoints_publish_no_invocations(seed, hourly) -> None:
    seed(hosting="async", traffic={"busy": 20}, backlog={"busy": 3})
    assert hourly("Invocations", **VARIANT) == []
    assert hourly("InvocationsProcessed", **VARIANT)[0] == 20
    assert hourly("ApproximateBacklogSize", EndpointName="one")[0] == 3


def test_containers_called_directly_have_series_of_their_own(seed, hourly) -> None:
    seed(variants=[{"containers": {"first": {"busy": 7}}}])
    assert hourly("Invocations", **VARIANT)[0] == 0
    assert hourly("Invocations", **VARIANT, ContainerName="first")[0] == 7


def test_partly_covered_windows_have_holes(seed, hourly) -> None:
    seed("late", traffic={"since_days": 3})
    seed("ended", traffic={"until_days": 2})
    seed("silent", traffic="no_data")
    late = hourly("Invocations", EndpointName="late", VariantName="AllTraffic")
    ended = hourly("Invocations", EndpointName="ended", VariantName="AllTraffic")
    assert len(late) in (72, 73)
    assert len(ended) in (120, 121, 122)
    assert hourly("Invocations", EndpointName="silent", VariantName="AllTraffic") == []


def test_time_that_is_skipped_is_filled_with_more_of_the_same(cloud, seed, hourly) -> None:
    seed("busy", traffic={"busy": 10})
    seed("burst", traffic={"busy": 10, "last_hours": 1})
    cloud.clock.move(timedelta(days=8))
    busy = hourly("Invocations", EndpointName="busy", VariantName="AllTraffic")
    burst = hourly("Invocations", EndpointName="burst", VariantName="AllTraffic")
    assert busy[:168] == [10.0] * 168
    assert burst[:168] == [10.0] * 168


def test_a_call_is_a_datapoint_now(cloud, seed, hourly) -> None:
    seed()
    cloud.traffic("one", 4)
    cloud.traffic("one", 3, at=cloud.clock.now() - timedelta(days=2))
    assert sum(hourly("Invocations", **VARIANT)) == 7
    assert hourly("Invocations", **VARIANT)[-1] == 4


def test_five_hundred_queries_a_call(cloud, client, make_query) -> None:
    cloudwatch, now = client("cloudwatch"), cloud.clock.now()
    window = {"StartTime": now - timedelta(days=1), "EndTime": now}
    queries = [make_query(f"q{n}", "Invocations", EndpointName=f"e{n}") for n in range(501)]
    answer = cloudwatch.get_metric_data(MetricDataQueries=queries[:500], **window)
    assert [one["Values"] for one in answer["MetricDataResults"]] == [[]] * 500
    with pytest.raises(ClientError, match="ValidationError"):
        cloudwatch.get_metric_data(MetricDataQueries=queries, **window)


def test_search_and_arithmetic_are_refused_and_not_answered_with_nothing(cloud, client) -> None:
    now = cloud.clock.now()
    with pytest.raises(ClientError, match="SEARCH"):
        client("cloudwatch").get_metric_data(
            MetricDataQueries=[{"Id": "a", "Expression": "SUM(METRICS())"}],
            StartTime=now - timedelta(days=1),
            EndTime=now,
        )


@pytest.mark.parametrize("size", [1, 50, 168, 400, 100_800])
def test_pages_of_datapoints_lose_nothing(cloud, seed, client, make_query, size: int) -> None:
    seed("a", traffic={"busy": 5})
    seed("b", traffic="no_data")
    seed("c", traffic={"busy": 7})
    until = cloud.clock.now().replace(minute=0, second=0, microsecond=0)
    days = 1 if size == 1 else 7
    asked = {
        "MetricDataQueries": [
            make_query(name, "Invocations", EndpointName=name, VariantName="AllTraffic")
            for name in "abc"
        ],
        "StartTime": until - timedelta(days=days),
        "EndTime": until,
        "MaxDatapoints": size,
    }
    found: dict[str, list[float]] = {}
    for page in client("cloudwatch").get_paginator("get_metric_data").paginate(**asked):
        assert sum(len(one["Values"]) for one in page["MetricDataResults"]) <= size
        for one in page["MetricDataResults"]:
            found.setdefault(one["Id"], []).extend(one["Values"])
    hours = 24 * days
    assert found == {"a": [5.0] * hours, "b": [], "c": [7.0] * hours}


def test_a_result_that_goes_on_is_partial(cloud, seed, client, make_query) -> None:
    seed()
    now = cloud.clock.now()
    asked = {
        "MetricDataQueries": [make_query("q", "Invocations", **VARIANT)],
        "StartTime": now - timedelta(days=1),
        "EndTime": now,
        "MaxDatapoints": 20,
    }
    first = client("cloudwatch").get_metric_data(**asked)
    last = client("cloudwatch").get_metric_data(**asked, NextToken=first["NextToken"])
    assert first["MetricDataResults"][0]["StatusCode"] == "PartialData"
    assert last["MetricDataResults"][0]["StatusCode"] == "Complete"
    assert "NextToken" not in last
    assert (
        first["MetricDataResults"][0]["Timestamps"][-1]
        > last["MetricDataResults"][0]["Timestamps"][0]
    )


def test_a_unit_that_the_metric_does_not_have_finds_nothing(
    cloud, seed, client, make_query
) -> None:
    seed()
    now = cloud.clock.now().replace(second=0, microsecond=0)
    one = make_query("q", "Invocations", **VARIANT)
    for unit, count in (("Count", 24), ("Percent", 0)):
        one["MetricStat"]["Unit"] = unit
        answer = client("cloudwatch").get_metric_data(
            MetricDataQueries=[one], StartTime=now - timedelta(days=1), EndTime=now
        )
        assert len(answer["MetricDataResults"][0]["Values"]) == count


def test_lists_a_row_a_series_in_pages_of_five_hundred(cloud, client) -> None:
    cloud.seed(many(total=510, idle=10))
    asked = {"Namespace": "AWS/SageMaker", "MetricName": "Invocations"}
    first = client("cloudwatch").list_metrics(**asked)
    rest = client("cloudwatch").list_metrics(**asked, NextToken=first["NextToken"])
    assert (len(first["Metrics"]), len(rest["Metrics"])) == (500, 10)
    assert "NextToken" not in rest


def test_lists_by_some_of_the_dimensions(seed, client) -> None:
    seed("one", variants=[{"name": "a"}, {"name": "b"}])
    seed("two")
    asked = {"Namespace": "AWS/SageMaker", "MetricName": "Invocations"}

    def count(*dimensions: dict[str, str]) -> int:
        answer = client("cloudwatch").list_metrics(**asked, Dimensions=list(dimensions))
        return len(answer["Metrics"])

    assert count({"Name": "EndpointName", "Value": "one"}) == 2
    assert count({"Name": "EndpointName"}) == 3
    assert count({"Name": "EndpointName"}, {"Name": "VariantName", "Value": "b"}) == 1
    assert count({"Name": "InferenceComponentName"}) == 0


def test_lists_only_what_had_data_in_the_last_two_weeks(cloud, seed, client) -> None:
    seed("silent", traffic="no_data")
    seed("old", age_days=60, traffic={"until_days": 13})
    seed("live")

    def listed(**asked: str) -> set[str]:
        answer = client("cloudwatch").list_metrics(MetricName="Invocations", **asked)
        return {one["Dimensions"][0]["Value"] for one in answer["Metrics"]}

    assert listed() == {"old", "live"}
    assert listed(RecentlyActive="PT3H") == {"live"}
    cloud.clock.move(timedelta(days=2))
    assert listed() == {"live"}


def test_statistics_of_one_series(cloud, seed, client) -> None:
    seed(traffic={"busy": 90})
    now = cloud.clock.now().replace(minute=0, second=0, microsecond=0)
    asked = {
        "Namespace": "AWS/SageMaker",
        "MetricName": "Invocations",
        "Dimensions": [{"Name": key, "Value": value} for key, value in VARIANT.items()],
        "EndTime": now,
        "Statistics": ["Sum", "Average", "Maximum", "Minimum", "SampleCount"],
    }
    answer = client("cloudwatch").get_metric_statistics(
        **asked, StartTime=now - timedelta(hours=5), Period=3600
    )
    points = answer["Datapoints"]
    assert len({one["Timestamp"] for one in points}) == len(points) == 5
    assert {one["Sum"] for one in points} == {90.0}
    assert points[0] | {"Timestamp": None} == {
        "Timestamp": None,
        "Unit": "Count",
        "Sum": 90.0,
        "Average": 1.5,
        "Maximum": 2.0,
        "Minimum": 1.0,
        "SampleCount": 60.0,
    }
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        client("cloudwatch").get_metric_statistics(
            **asked, StartTime=now - timedelta(days=2), Period=60
        )


def test_own_metrics_may_be_put_and_those_of_aws_not(cloud, client) -> None:
    now = cloud.clock.now()
    datum = {"MetricName": "Calls", "Value": 3.0, "Dimensions": [{"Name": "a", "Value": "1"}]}
    for _ in range(2):
        client("cloudwatch").put_metric_data(
            Namespace="Mine", MetricData=[{**datum, "Timestamp": now - timedelta(minutes=5)}]
        )
    metric = {"Namespace": "Mine", "MetricName": "Calls", "Dimensions": datum["Dimensions"]}
    answer = client("cloudwatch").get_metric_data(
        MetricDataQueries=[
            {"Id": "q", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
        ],
        StartTime=now - timedelta(hours=1),
        EndTime=now,
    )
    assert answer["MetricDataResults"][0]["Values"] == [6.0]
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        client("cloudwatch").put_metric_data(Namespace="AWS/SageMaker", MetricData=[datum])


def test_older_clients_ask_in_the_query_protocol(cloud, seed) -> None:
    seed(traffic={"busy": 30})
    until = cloud.clock.now().replace(minute=0, second=0, microsecond=0)
    member = "MetricDataQueries.member.1"
    metric = f"{member}.MetricStat.Metric"
    form = {
        "Action": "GetMetricData",
        "Version": "2010-08-01",
        "StartTime": (until - timedelta(hours=2)).isoformat(),
        "EndTime": until.isoformat(),
        f"{member}.Id": "q",
        f"{member}.MetricStat.Period": "3600",
        f"{member}.MetricStat.Stat": "Sum",
        f"{metric}.Namespace": "AWS/SageMaker",
        f"{metric}.MetricName": "Invocations",
        f"{metric}.Dimensions.member.1.Name": "EndpointName",
        f"{metric}.Dimensions.member.1.Value": "one",
        f"{metric}.Dimensions.member.2.Name": "VariantName",
        f"{metric}.Dimensions.member.2.Value": "AllTraffic",
    }
    scope = f"{cloud.env['AWS_ACCESS_KEY_ID']}/20250101/us-east-1/monitoring/aws4_request"
    answer = urllib3.request(
        "POST",
        cloud.aws_url,
        body=urlencode(form),
        headers={
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, Signature=0",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    text = answer.data.decode()
    assert text.count("<member>30.0</member>") == 2
    assert f"<member>{until - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}</member>" in text


def test_a_week_of_five_hundred_series_is_quick(cloud, client, make_query) -> None:
    cloud.seed(many(total=500, idle=50))
    names = cloud.names()
    now = cloud.clock.now().replace(second=0, microsecond=0)
    queries = [
        make_query(f"q{n}", "Invocations", EndpointName=name, VariantName="AllTraffic")
        for n, name in enumerate(names)
    ]
    began = time.monotonic()
    answer = client("cloudwatch").get_metric_data(
        MetricDataQueries=queries, StartTime=now - timedelta(days=7), EndTime=now
    )
    assert sum(len(one["Values"]) for one in answer["MetricDataResults"]) == 500 * 168
    # moto needs most of a minute; botocore's own parsing takes nearly all of what this takes.
    assert time.monotonic() - began < 10


def test_a_clock_that_stands_shows_the_same_busy_hour_twice(cloud, seed, hourly) -> None:
    seed(traffic={"busy": 6000})
    cloud.clock.stand()
    now = cloud.clock.now()
    first = hourly("Invocations", **VARIANT)
    assert (cloud.clock.now(), hourly("Invocations", **VARIANT)) == (now, first)
    cloud.clock.move(timedelta(minutes=30))
    assert sum(hourly("Invocations", **VARIANT)) != sum(first)
    assert cloud.clock.now() == now + timedelta(minutes=30)
    cloud.reset()
    assert cloud.clock.now() < now + timedelta(minutes=30)
