"""CloudWatch's answers that are complete, cut short, repeated or wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from hypothesis import given
from hypothesis import strategies as st

from hygiene.clouds.aws.call import Failure
from hygiene.clouds.aws.traffic import METRICS, Published, measure, published, total_up
from hygiene.model.resource import HOUR, Traffic, Window

NOW = datetime(2026, 3, 10, 2, 30, tzinfo=UTC)
WINDOW = Window.back_from(NOW, 1)
PLAIN = Published("Invocations", (("EndpointName", "e"), ("VariantName", "v")))
OTHER = Published("Invocations", (("EndpointName", "e"), ("VariantName", "w")))


@pytest.fixture
def cloudwatch() -> Any:
    return boto3.client("cloudwatch", "us-east-1", aws_access_key_id="x", aws_secret_access_key="x")


@pytest.fixture
def stub(cloudwatch: Any) -> Iterator[Stubber]:
    with Stubber(cloudwatch) as stub:
        yield stub
        stub.assert_no_pending_responses()


def page(*results: tuple[str, str, list[float]], token: str | None = None) -> dict[str, Any]:
    """A page of GetMetricData: (id, status, values of the window's hours from its beginning)."""
    rows = [
        {
            "Id": query,
            "StatusCode": status,
            "Timestamps": [WINDOW.asked_since + n * HOUR for n in range(len(values))],
            "Values": values,
        }
        for query, status, values in results
    ]
    return {"MetricDataResults": rows, **({"NextToken": token} if token else {})}


def test_the_partial_first_and_newest_hours_count_as_use_but_not_as_covered(
    cloudwatch: Any, stub: Stubber
) -> None:
    stub.add_response("get_metric_data", page(("q0", "Complete", [1.0] * 25)))
    assert measure(cloudwatch, [PLAIN], WINDOW) == {PLAIN: (Decimal(25), 23)}


def test_pages_add_up_and_results_are_told_apart_by_id(cloudwatch: Any, stub: Stubber) -> None:
    first = page(("q1", "Complete", [5.0]), ("q0", "PartialData", [1.0, 1.0]), token="more")
    stub.add_response("get_metric_data", first)
    stub.add_response("get_metric_data", page(("q0", "Complete", [2.0])))
    found = measure(cloudwatch, [OTHER, PLAIN], WINDOW)
    assert found == {PLAIN: (Decimal(4), 1), OTHER: (Decimal(5), 0)}


@pytest.mark.parametrize(
    "results",
    [
        (),
        (("q0", "PartialData", [0.0]),),
        (("q0", "InternalError", []),),
        (("q0", "Forbidden", []),),
        (("q1", "Complete", [0.0]),),
        (("q0", "Complete", [-1.0]),),
        (("q0", "Complete", [float("nan")]),),
    ],
)
def test_what_is_not_answered_in_full_is_no_zero(
    cloudwatch: Any, stub: Stubber, results: Any
) -> None:
    stub.add_response("get_metric_data", page(*results))
    (found,) = measure(cloudwatch, [PLAIN], WINDOW).values()
    assert isinstance(found, Failure)


def test_datapoints_a_call_are_minded(cloudwatch: Any, stub: Stubber) -> None:
    """Two weeks have 337 hours, so that 500 queries would ask for more than 100,800 points."""
    sets = [Published("Invocations", (("EndpointName", f"{n:03d}"),)) for n in range(500)]
    window = Window.back_from(NOW.replace(minute=0), 14)
    for size in (299, 201):
        stub.add_response(
            "get_metric_data",
            page(*((f"q{n}", "Complete", []) for n in range(size))),
            {
                "MetricDataQueries": [ANY] * size,
                "StartTime": window.since,
                "EndTime": window.until,
                "ScanBy": ANY,
            },
        )
    assert set(measure(cloudwatch, sets, window).values()) == {(Decimal(0), 0)}


def test_backlogs_are_read_by_their_maximum(cloudwatch: Any, stub: Stubber) -> None:
    sent: list[Any] = []
    cloudwatch.meta.events.register(
        "provide-client-params.cloudwatch.GetMetricData",
        lambda params, **_: sent.extend(params["MetricDataQueries"]),
    )
    sets = [Published(metric.name, (("EndpointName", "e"),)) for metric in METRICS]
    stub.add_response("get_metric_data", page(*((f"q{n}", "Complete", []) for n in range(6))))
    measure(cloudwatch, sets, WINDOW)
    statistics = {
        one["MetricStat"]["Metric"]["MetricName"]: one["MetricStat"]["Stat"] for one in sent
    }
    assert {name for name, stat in statistics.items() if stat == "Maximum"} == {
        "ApproximateBacklogSize",
        "HasBacklogWithoutCapacity",
    }


def test_rows_that_repeat_or_split_a_set_are_one(cloudwatch: Any) -> None:
    """Stand-ins list a row a datapoint; enhanced metrics split every set by instance."""
    plain = [{"Name": "VariantName", "Value": "v"}, {"Name": "EndpointName", "Value": "e"}]
    split = [*plain, {"Name": "InstanceId", "Value": "i-1"}]
    container = [*plain, {"Name": "ContainerName", "Value": "c"}]

    def answer(params: Any, **_: Any) -> None:
        stub.add_response(
            "list_metrics",
            {
                "Metrics": [
                    {"MetricName": params["MetricName"], "Dimensions": dimensions}
                    for dimensions in (plain, plain, split, container)
                    if params["MetricName"] == "Invocations"
                ]
            },
        )

    with Stubber(cloudwatch) as stub, pytest.MonkeyPatch.context() as patch:
        patch.setattr("hygiene.clouds.aws.traffic.CONNECTIONS", 1)
        cloudwatch.meta.events.register("provide-client-params.cloudwatch.ListMetrics", answer)
        listed = published(cloudwatch)
    assert listed.failures == ()
    assert [(one.member, one.part) for one in listed.sets] == [("v", "c"), ("v", None)]


measured = st.one_of(
    st.builds(Failure, st.text()),
    st.tuples(st.decimals(0, 1000, places=1), st.integers(0, 24)),
)


@given(
    found=st.dictionaries(
        st.builds(
            Published,
            st.sampled_from([metric.name for metric in METRICS]),
            st.text(max_size=3).map(lambda name: (("EndpointName", name),)),
        ),
        measured,
        max_size=6,
    ),
    failures=st.lists(st.builds(Failure, st.text()), max_size=2),
    at_most=st.decimals(0, 500, places=1),
)
def test_no_gap_ever_reads_as_little_use(found: Any, failures: Any, at_most: Decimal) -> None:
    """Where anything is missing, only use that was seen says anything."""
    use = total_up(found, failures, WINDOW, at_most)
    missing = bool(failures) or any(isinstance(one, Failure) for one in found.values())
    seen = sum((one[0] for one in found.values() if isinstance(one, tuple)), Decimal(0))
    if isinstance(use, Traffic):
        assert use.total == seen
        assert seen > at_most or not missing
        assert len(use.series) == sum(isinstance(one, tuple) for one in found.values())
    else:
        assert missing


def test_the_question_can_be_asked_again() -> None:
    use = total_up({}, [], WINDOW, Decimal(0))
    assert isinstance(use, Traffic)
    assert "AWS/SageMaker" in use.query
    assert "2026-03-09T02:00:00Z to 2026-03-10T02:30:00Z" in use.query
    assert WINDOW.until - WINDOW.since == timedelta(days=1)
