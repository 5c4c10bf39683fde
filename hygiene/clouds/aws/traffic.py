"""Who used an endpoint: CloudWatch, asked for exactly the sets of dimensions that it publishes.

CloudWatch takes each exact set of dimensions for a metric of its own, and SageMaker publishes
under different sets depending on how an endpoint hosts its models. So the sets are listed first,
and only what is listed is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hygiene.clouds.aws.call import Answer, Failure, Listed, ask_all
from hygiene.clouds.aws.session import CONNECTIONS
from hygiene.model.resource import Labels, Series, Traffic, Window

NAMESPACE = "AWS/SageMaker"
PERIOD = 3600
QUERIES_PER_CALL = 500
DATAPOINTS_PER_CALL = 100_800


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric that shows use. `counts_requests` False: it hints at use without counting it."""

    name: str
    statistic: str
    counts_requests: bool


METRICS: tuple[Metric, ...] = (
    Metric("Invocations", "Sum", counts_requests=True),
    # Asynchronous endpoints publish no Invocations but these.
    Metric("InvocationsProcessed", "Sum", counts_requests=True),
    Metric("InvocationFailures", "Sum", counts_requests=True),
    Metric("ExpiredRequests", "Sum", counts_requests=False),
    Metric("ApproximateBacklogSize", "Maximum", counts_requests=False),
    Metric("HasBacklogWithoutCapacity", "Maximum", counts_requests=False),
)

# Endpoints with enhanced metrics publish each metric a second time, split up by these. An
# instance or container that is gone covers only a part of the window, so the split is of no use.
_SPLITS = frozenset(
    {"InstanceId", "ContainerId", "AcceleratorId", "InstanceType", "AvailabilityZone", "Region"}
)


@dataclass(frozen=True, slots=True, order=True)
class Published:
    """One metric under one exact set of dimensions, as CloudWatch lists it."""

    metric: str
    dimensions: Labels

    def of(self, name: str) -> str | None:
        """The value of a dimension."""
        return dict(self.dimensions).get(name)

    @property
    def member(self) -> str | None:
        """The component or variant that it speaks of; None: the endpoint as a whole."""
        return self.of("InferenceComponentName") or self.of("VariantName")

    @property
    def part(self) -> str | None:
        """What of the member it speaks of (a container, say); None: all of it."""
        plain = ("EndpointName", "VariantName", "InferenceComponentName")
        return "/".join(value for name, value in self.dimensions if name not in plain) or None


Measured = tuple[Decimal, int]
"""Sum over the window, and how many of its whole hours have data."""


@dataclass(frozen=True, slots=True)
class Publications:
    """The sets that CloudWatch listed. Each failure may hide further ones."""

    sets: tuple[Published, ...]
    failures: tuple[Failure, ...]


def published(cloudwatch: Any, owners: Sequence[tuple[str, str]] = ()) -> Publications:
    """Under which sets of dimensions the metrics had data in the last two weeks.

    `owners` are dimensions with their values; only sets that contain one of them are listed. With
    none, all sets are.
    """
    wanted = [(metric, owner) for metric in METRICS for owner in owners or (None,)]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        listed = list(pool.map(lambda pair: _listed(cloudwatch, *pair), wanted))
    # One row a set is promised; a set that is listed again is the same set.
    sets = {one for each in listed for one in each.items}
    return Publications(
        tuple(sorted(one for one in sets if not _SPLITS & dict(one.dimensions).keys())),
        tuple(each.failure for each in listed if each.failure is not None),
    )


def _listed(cloudwatch: Any, metric: Metric, owner: tuple[str, str] | None) -> Listed[Published]:
    filters = [{"Name": owner[0], "Value": owner[1]}] if owner else []
    return ask_all(
        cloudwatch,
        "list_metrics",
        "Metrics",
        _published,
        Namespace=NAMESPACE,
        MetricName=metric.name,
        Dimensions=filters,
    )


def _published(row: Answer) -> Published:
    dimensions = sorted((str(one["Name"]), str(one["Value"])) for one in row["Dimensions"])
    return Published(str(row["MetricName"]), tuple(dimensions))


def measure(
    cloudwatch: Any, sets: Iterable[Published], window: Window
) -> dict[Published, Measured | Failure]:
    """Asks for the use under every set. What is not answered in full is a `Failure`, never zero."""
    everything = sorted(set(sets))
    hours = max(1, (window.until - window.asked_since).total_seconds() // PERIOD + 1)
    room = max(1, min(QUERIES_PER_CALL, int(DATAPOINTS_PER_CALL // hours)))
    found: dict[Published, Measured | Failure] = {}
    for first in range(0, len(everything), room):
        found |= _measure(cloudwatch, everything[first : first + room], window)
    return found


def _measure(
    cloudwatch: Any, sets: list[Published], window: Window
) -> dict[Published, Measured | Failure]:
    answer = ask_all(
        cloudwatch,
        "get_metric_data",
        "MetricDataResults",
        _result,
        MetricDataQueries=[_query(f"q{n}", one) for n, one in enumerate(sets)],
        StartTime=window.asked_since,
        EndTime=window.until,
        ScanBy="TimestampAscending",
    )
    if answer.failure is not None:
        return dict.fromkeys(sets, answer.failure)
    hours = window.whole_hours
    return {one: _sum_up(f"q{n}", answer.items, hours) for n, one in enumerate(sets)}


def _query(query_id: str, one: Published) -> Answer:
    statistic = next(metric.statistic for metric in METRICS if metric.name == one.metric)
    return {
        "Id": query_id,
        "MetricStat": {
            "Metric": {
                "Namespace": NAMESPACE,
                "MetricName": one.metric,
                "Dimensions": [{"Name": name, "Value": value} for name, value in one.dimensions],
            },
            "Period": PERIOD,
            "Stat": statistic,
        },
        "ReturnData": True,
    }


@dataclass(frozen=True, slots=True)
class _Result:
    query_id: str
    status: str
    points: tuple[tuple[datetime, Decimal], ...]


def _result(row: Answer) -> _Result:
    points = zip(row["Timestamps"], row["Values"], strict=True)
    return _Result(
        str(row["Id"]),
        str(row["StatusCode"]),
        tuple((at.astimezone(UTC), _number(value)) for at, value in points),
    )


def _number(value: float) -> Decimal:
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"{value} is no measure of use")
    return Decimal(int(value)) if value == int(value) else Decimal(str(value))


def _sum_up(
    query_id: str, results: Iterable[_Result], hours: frozenset[datetime]
) -> Measured | Failure:
    """One query's answer over all pages; only the last page says whether it is complete."""
    mine = [result for result in results if result.query_id == query_id]
    if not mine:
        return Failure("get_metric_data: CloudWatch left out a metric that was asked for")
    if mine[-1].status != "Complete":
        return Failure(f"get_metric_data: CloudWatch answered {mine[-1].status}")
    points = [point for result in mine for point in result.points]
    covered = {at for at, _ in points} & hours
    return sum((value for _, value in points), Decimal(0)), len(covered)


def lost(
    measured: Mapping[Published, Measured | Failure], nobodys: Iterable[Published], at_most: Decimal
) -> list[Failure]:
    """Use of inference components that are gone: of which endpoint, nothing tells any more.

    One that was called may have run beside a quiet one, so it hides the use of every endpoint that
    hosts components.
    """
    return [
        Failure(f"the inference component {one.member}, which is gone by now, was called")
        for one in nobodys
        if one.of("InferenceComponentName") and _may_exceed(measured[one], at_most)
    ]


def _may_exceed(found: Measured | Failure, at_most: Decimal) -> bool:
    return isinstance(found, Failure) or found[0] > at_most


def total_up(
    measured: Mapping[Published, Measured | Failure],
    failures: Iterable[Failure],
    window: Window,
    at_most: Decimal,
) -> Traffic | Failure:
    """The use of one endpoint, from all its sets.

    `failures` are listings that may hide further sets. Use above `at_most` that was seen stays
    seen; otherwise nothing may be missing.
    """
    series = tuple(
        _series(one, found) for one, found in sorted(measured.items()) if isinstance(found, tuple)
    )
    seen = Traffic(window, series, _question(window))
    missing = [*failures, *(one for one in measured.values() if isinstance(one, Failure))]
    return missing[0] if missing and seen.total <= at_most else seen


def _series(one: Published, found: Measured) -> Series:
    counts = next(metric.counts_requests for metric in METRICS if metric.name == one.metric)
    total, covered = found
    return Series(one.metric, one.dimensions, one.member, counts, total, covered, one.part)


def _question(window: Window) -> str:
    return (
        f"CloudWatch GetMetricData, namespace {NAMESPACE}, period {PERIOD} s, Sum (Maximum for "
        f"backlogs), {window.asked_since:%Y-%m-%dT%H:%M:%SZ} to {window.until:%Y-%m-%dT%H:%M:%SZ}"
    )
