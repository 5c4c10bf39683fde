"""CloudWatch: exact dimension sets, the real limits of a call, and pages.

It replaces moto's, which matches fewer dimensions than a metric has, so that a wrong query finds
data there that the real service would not return.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hygiene.localcloud import paging
from hygiene.localcloud.metrics import Dimensions, MetricStore, Series, Stat, minute
from hygiene.localcloud.state import Ask, AwsError, Doc

QUERIES_PER_CALL = 500
DATAPOINTS_PER_PAGE = 100_800
METRICS_PER_PAGE = 500
STATISTICS_DATAPOINTS = 1_440
LISTED_FOR = timedelta(weeks=2)


def get_metric_data(ask: Ask) -> Doc:
    """Statistics of up to 500 series, 100,800 datapoints a page at the most."""
    queries = ask.params.get("MetricDataQueries", [])
    _check_queries(queries)
    since, until = _window(ask.params)
    newest_first = ask.params.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    store = ask.here.metrics
    now = minute(ask.now)
    size = min(int(ask.params.get("MaxDatapoints", DATAPOINTS_PER_PAGE)), DATAPOINTS_PER_PAGE)
    skip = _skip(ask.params.get("NextToken"))
    results: list[Doc] = []
    at = 0
    for query in (one for one in queries if one.get("ReturnData", True)):
        times, values = _values(store, query, since, until, now)
        if newest_first:
            times, values = times[::-1], values[::-1]
        begin, end = max(0, skip - at), min(len(times), skip + size - at)
        here = not times and (skip < at or skip == 0) and at <= skip + size
        if begin < end or here:
            whole = begin == 0 and end == len(times)
            results.append(
                {
                    "Id": query["Id"],
                    "Label": query.get("Label", query["MetricStat"]["Metric"]["MetricName"]),
                    "Timestamps": times[begin:end],
                    "Values": values[begin:end],
                    "StatusCode": "Complete" if whole or end == len(times) else "PartialData",
                }
            )
        at += len(times)
    answer: Doc = {"MetricDataResults": results, "Messages": []}
    if at > skip + size:
        answer["NextToken"] = base64.urlsafe_b64encode(f"data:{skip + size}".encode()).decode()
    return answer


def _check_queries(queries: list[Doc]) -> None:
    if not 1 <= len(queries) <= QUERIES_PER_CALL:
        raise AwsError(
            "ValidationError",
            "The collection MetricDataQueries must have a size between 1 and "
            f"{QUERIES_PER_CALL}, not {len(queries)}.",
        )
    if len({query["Id"] for query in queries}) < len(queries):
        raise AwsError("ValidationError", "The values of parameter Id in MetricDataQueries repeat.")
    for query in queries:
        if "MetricStat" not in query:
            raise AwsError(
                "ValidationError",
                f"{query['Id']}: the local cloud knows MetricStat only, no Expression or SEARCH.",
            )


def _values(
    store: MetricStore, query: Doc, since: int, until: int, now: int
) -> tuple[list[int], list[float]]:
    """Times (seconds since the epoch) and values of one query, oldest first."""
    stat = query["MetricStat"]
    pick = _STATISTICS.get(stat["Stat"])
    if pick is None:
        raise AwsError("ValidationError", f"The local cloud has no statistic {stat['Stat']!r}.")
    series = _series(store, stat["Metric"], stat.get("Unit"))
    if series is None:
        return [], []
    found = series.periods(since, until, _period(stat["Period"]), now)
    return [at * 60 for at in found], [pick(one) for one in found.values()]


def _series(store: MetricStore, metric: Doc, unit: str | None) -> Series | None:
    found = store.series(metric["Namespace"], metric["MetricName"], _dimensions(metric))
    return None if found and unit and unit != found.unit else found


def _dimensions(holder: Doc) -> Dimensions:
    return tuple(sorted((one["Name"], one["Value"]) for one in holder.get("Dimensions", [])))


def _period(seconds: int) -> int:
    """Periods in minutes. Raises for those that are no whole minutes."""
    if seconds < 60 or seconds % 60:
        raise AwsError("ValidationError", f"The period {seconds} is not a multiple of 60 seconds.")
    return seconds // 60


def _window(params: Doc) -> tuple[int, int]:
    since, until = params["StartTime"], params["EndTime"]
    if since >= until:
        raise AwsError("ValidationError", "The parameter StartTime must be less than EndTime.")
    return minute(since), -(-int(until.timestamp()) // 60)


def _skip(token: str | None) -> int:
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token).decode().removeprefix("data:"))
    except ValueError as error:
        raise AwsError("InvalidNextToken", "The next token is invalid.") from error


_STATISTICS: dict[str, Callable[[Stat], float]] = {
    "Sum": lambda one: one.total,
    "SampleCount": lambda one: float(one.samples),
    "Average": lambda one: one.average,
    "Minimum": lambda one: one.low,
    "Maximum": lambda one: one.high,
}


def get_metric_statistics(ask: Ask) -> Doc:
    """Statistics of one series, 1,440 datapoints at the most, in no order."""
    length = _period(ask.params["Period"])
    since, until = _window(ask.params)
    if -(-(until - since) // length) > STATISTICS_DATAPOINTS:
        raise AwsError(
            "InvalidParameterCombination",
            f"You have requested more than {STATISTICS_DATAPOINTS} datapoints: "
            "ask for a shorter time or a longer period.",
        )
    wanted = ask.params.get("Statistics", [])
    if not wanted:
        raise AwsError("InvalidParameterCombination", "At least one of Statistics is required.")
    store = ask.here.metrics
    series = _series(store, ask.params, ask.params.get("Unit"))
    now = minute(ask.now)
    found = series.periods(since, until, length, now) if series else {}
    points = [
        {
            "Timestamp": datetime.fromtimestamp(at * 60, UTC),
            "Unit": series.unit if series else "None",
            **{name: _STATISTICS[name](stat) for name in wanted},
        }
        for at, stat in found.items()
    ]
    # The real service promises no order, so no client may rely on one.
    return {"Label": ask.params["MetricName"], "Datapoints": points[1::2] + points[::2]}


def list_metrics(ask: Ask) -> Doc:
    """Series with data in the last two weeks, 500 a page; filters may name fewer dimensions."""
    now = ask.now
    back = timedelta(hours=3) if ask.params.get("RecentlyActive") == "PT3H" else LISTED_FOR
    wanted = [(one["Name"], one.get("Value")) for one in ask.params.get("Dimensions", [])]
    store = ask.here.metrics
    found = [
        one
        for one in store.of(ask.params.get("Namespace"), ask.params.get("MetricName"))
        if _has(one.dimensions, wanted)
        and (newest := one.newest(minute(now))) is not None
        and newest >= minute(now - back)
    ]
    shown, token = paging.page(
        found, ask.params.get("NextToken"), METRICS_PER_PAGE, "InvalidNextToken"
    )
    answer: Doc = {
        "Metrics": [
            {
                "Namespace": one.namespace,
                "MetricName": one.name,
                "Dimensions": [{"Name": name, "Value": value} for name, value in one.dimensions],
            }
            for one in shown
        ]
    }
    return {**answer, "NextToken": token} if token else answer


def _has(dimensions: Dimensions, wanted: list[tuple[str, str | None]]) -> bool:
    return all(
        any(name == its and value in (None, own) for its, own in dimensions)
        for name, value in wanted
    )


def put_metric_data(ask: Ask) -> Doc:
    """Appends points; the same minute adds up."""
    namespace = ask.params["Namespace"]
    if namespace.startswith("AWS/"):
        raise AwsError(
            "InvalidParameterValue", "The value AWS/ for parameter Namespace is invalid."
        )
    store = ask.here.metrics
    for datum in ask.params.get("MetricData", []):
        series = store.open(
            namespace, datum["MetricName"], _dimensions(datum), datum.get("Unit", "None")
        )
        at = minute(datum.get("Timestamp") or ask.now)
        for value, count in _samples(datum):
            series.add(at, Stat(value * count, int(count), value, value))
    return {}


def _samples(datum: Doc) -> list[tuple[float, float]]:
    if "Values" in datum:
        return list(
            zip(datum["Values"], datum.get("Counts", [1.0] * len(datum["Values"])), strict=True)
        )
    if "Value" in datum:
        return [(datum["Value"], 1.0)]
    raise AwsError("MissingParameter", "The local cloud needs Value or Values in MetricData.")
