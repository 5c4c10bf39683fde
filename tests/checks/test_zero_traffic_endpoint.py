"""The rule against the ways in which real clouds make busy endpoints look idle.

`test_fact_<n>_...` is named after the row n of what is known of these clouds: 1 dimensions,
2 inference components, 3 asynchronous, 4 costs nothing, 5 containers, 6 coverage, 7 failed reads.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from hygiene.checks.zero_traffic_endpoint import Settings, judge
from hygiene.model.finding import Breach, Fine, Unknown
from hygiene.model.resource import Endpoint, Gap, Hosting, State, Variant, Window
from tests.checks.quiet_endpoints import (
    BLUE,
    GAP,
    GREEN,
    HOURS,
    NOW,
    SETTINGS,
    endpoint,
    series,
    traffic,
)


def idle() -> Endpoint:
    return endpoint(traffic(series()))


def reason(subject: Endpoint, settings: Settings = SETTINGS) -> str:
    """Why nobody can tell."""
    verdict = judge(subject, settings, NOW)
    assert isinstance(verdict, Unknown), verdict
    return verdict.reason


def test_zeros_in_every_hour_are_a_breach() -> None:
    assert judge(idle(), SETTINGS, NOW) == Breach(
        since=NOW - timedelta(days=7),
        reason="0 requests in 7 days, measured in all 167 hours",
        evidence=(
            ("window", "2026-03-03 02:30 to 2026-03-10 02:30 UTC"),
            ("query", "get_metric_data ..."),
            (
                "Invocations {EndpointName=ranking, VariantName=blue}",
                "sum 0, data in 167 of 167 hours",
            ),
        ),
        certainty="proven",
    )


def test_fact_1_no_datapoints_are_not_zero_traffic() -> None:
    assert reason(endpoint(traffic())) == (
        "no traffic metric was published: no data is not zero traffic"
    )


def test_fact_1_zeros_of_the_endpoint_alone_say_nothing_of_its_variants() -> None:
    assert reason(endpoint(traffic(series(member=None)))) == (
        "blue publishes no count of requests: no data is not zero traffic"
    )


def test_fact_2_zeros_of_variants_say_nothing_of_inference_components() -> None:
    components = Hosting("config-1", (BLUE,), components=("llama", "reranker"))
    assert reason(endpoint(traffic(series("blue")), components)).startswith("llama publishes no")


def test_fact_2_one_busy_component_is_use() -> None:
    components = Hosting("config-1", (BLUE,), components=("llama", "reranker"))
    found = traffic(series("llama"), series("reranker", total="1"))
    assert judge(endpoint(found, components), SETTINGS, NOW) == Fine("1 requests in 7 days")


def test_fact_2_components_that_are_all_covered_need_no_variant() -> None:
    components = Hosting("config-1", (BLUE,), components=("llama", "reranker"))
    found = traffic(series("llama"), series("reranker"))
    assert isinstance(judge(endpoint(found, components), SETTINGS, NOW), Breach)


def test_fact_2_a_component_that_is_not_covered_hides_use() -> None:
    components = Hosting("config-1", (BLUE,), components=("llama", "reranker"))
    found = traffic(series("llama"), series("reranker", hours=166))
    assert reason(endpoint(found, components)) == (
        "data of reranker covers only 166 of 167 hours of the window"
    )


def test_fact_3_an_asynchronous_endpoint_counts_what_it_processed() -> None:
    hosting = Hosting("config-1", (BLUE,), asynchronous=True)
    quiet = series(metric="InvocationsProcessed")
    assert isinstance(judge(endpoint(traffic(quiet), hosting), SETTINGS, NOW), Breach)
    busy = replace(quiet, total=Decimal(3))
    assert isinstance(judge(endpoint(traffic(busy), hosting), SETTINGS, NOW), Fine)


def test_fact_3_one_metric_in_every_hour_shows_that_metrics_flowed() -> None:
    hosting = Hosting("config-1", (BLUE,), asynchronous=True)
    found = traffic(
        series(metric="InvocationsProcessed"), series(metric="InvocationFailures", hours=3)
    )
    assert isinstance(judge(endpoint(found, hosting), SETTINGS, NOW), Breach)


def test_fact_3_an_empty_backlog_alone_is_no_proof() -> None:
    hosting = Hosting("config-1", (BLUE,), asynchronous=True)
    backlog = series(None, metric="ApproximateBacklogSize", counts_requests=False)
    assert reason(endpoint(traffic(backlog), hosting)).startswith("blue publishes no count")
    its_own = replace(backlog, member="blue")
    assert reason(endpoint(traffic(its_own), hosting)).startswith("blue publishes no count")


def test_fact_3_a_backlog_is_use() -> None:
    hosting = Hosting("config-1", (BLUE,), asynchronous=True)
    backlog = series(None, "2", metric="ApproximateBacklogSize", counts_requests=False)
    found = traffic(series(metric="InvocationsProcessed"), backlog)
    assert isinstance(judge(endpoint(found, hosting), SETTINGS, NOW), Fine)


@pytest.mark.parametrize(
    "variant",
    [Variant("blue", None, 0), Variant("blue", "ml.g5.xlarge", 0)],
    ids=["serverless", "scaled to zero"],
)
def test_fact_4_what_costs_nothing_while_idle_saves_nothing(variant: Variant) -> None:
    free = endpoint(traffic(series()), Hosting("config-1", (variant,)))
    assert judge(free, SETTINGS, NOW) == Fine(
        "nothing of it is billed while it idles (serverless, or scaled to zero)"
    )


def test_fact_4_reserved_concurrency_is_billed_while_idle() -> None:
    reserved = Hosting("config-1", (Variant("blue", None, 0, reserved_concurrency=2),))
    assert isinstance(judge(endpoint(traffic(series()), reserved), SETTINGS, NOW), Breach)


def test_fact_4_one_variant_that_is_billed_is_enough() -> None:
    mixed = Hosting("config-1", (Variant("blue", "ml.g5.xlarge", 0), GREEN))
    found = traffic(series("blue"), series("green"))
    assert isinstance(judge(endpoint(found, mixed), SETTINGS, NOW), Breach)


def test_fact_5_a_container_that_is_called_directly_is_use() -> None:
    found = traffic(series(), series(part="reranker", total="7"))
    assert isinstance(judge(endpoint(found), SETTINGS, NOW), Fine)


def test_fact_5_containers_stand_for_a_variant_that_publishes_nothing_itself() -> None:
    every = traffic(series(part="reranker"), series(part="encoder"))
    assert isinstance(judge(endpoint(every), SETTINGS, NOW), Breach)
    partly = traffic(series(part="reranker"), series(part="encoder", hours=5))
    assert reason(endpoint(partly)) == "data of blue covers only 5 of 167 hours of the window"


def test_fact_5_a_quiet_container_does_not_cover_for_its_variant() -> None:
    found = traffic(series(hours=5), series(part="reranker"))
    assert reason(endpoint(found)) == "data of blue covers only 5 of 167 hours of the window"


def test_fact_6_one_busy_variant_of_several_is_use() -> None:
    both = Hosting("config-1", (BLUE, GREEN))
    for busy in ("blue", "green"):
        found = traffic(*(series(name, "1" if name == busy else "0") for name in ("blue", "green")))
        assert isinstance(judge(endpoint(found, both), SETTINGS, NOW), Fine), busy


def test_fact_6_a_variant_without_data_hides_use() -> None:
    both = Hosting("config-1", (BLUE, GREEN))
    assert reason(endpoint(traffic(series("blue")), both)).startswith("green publishes no count")


def test_fact_6_a_shadow_variant_is_a_variant() -> None:
    shadowed = Hosting("config-1", (BLUE, replace(GREEN, shadow=True)))
    assert reason(endpoint(traffic(series("blue")), shadowed)).startswith("green publishes no")
    found = traffic(series("blue"), series("green", "4"))
    assert isinstance(judge(endpoint(found, shadowed), SETTINGS, NOW), Fine)


@pytest.mark.parametrize("hours", [0, 1, HOURS - 1])
def test_fact_6_a_window_that_is_covered_in_part_is_unknown(hours: int) -> None:
    assert reason(endpoint(traffic(series(hours=hours)))) == (
        f"data of blue covers only {hours} of 167 hours of the window"
    )


def test_fact_6_an_endpoint_younger_than_the_window_is_unknown() -> None:
    young = endpoint(traffic(series()), age=timedelta(days=7) - timedelta(seconds=1))
    assert reason(young) == "created 2026-03-03: younger than the window of 7 days"
    assert isinstance(
        judge(endpoint(traffic(series()), age=timedelta(days=7)), SETTINGS, NOW), Breach
    )


def test_fact_7_a_metric_that_could_not_be_read_is_unknown() -> None:
    assert reason(endpoint(GAP)) == "its traffic could not be read: ThrottlingException"


@pytest.mark.parametrize("hosting", [None, replace(GAP, what="hosting")])
def test_fact_7_hosting_that_was_not_read_is_unknown(hosting: Gap | None) -> None:
    assert reason(endpoint(traffic(series()), hosting)).startswith("how it hosts its models")


def test_use_needs_no_hosting() -> None:
    busy = endpoint(traffic(series(total="1", hours=1)), hosting=None)
    assert judge(busy, SETTINGS, NOW) == Fine("1 requests in 7 days")


@pytest.mark.parametrize(
    ("since", "until"), [(1, 0), (0, 0), (40, 33)], ids=["shorter", "empty", "past"]
)
def test_zeros_of_another_window_prove_nothing(since: int, until: int) -> None:
    window = Window(NOW - timedelta(days=since), NOW - timedelta(days=until))
    found = traffic(series(hours=len(window.whole_hours)), window=window)
    assert isinstance(judge(endpoint(found), SETTINGS, NOW), Unknown)


@pytest.mark.parametrize(("state", "status"), [("failed", "Failed"), ("deleting", "Deleting")])
def test_what_serves_no_more_is_fine(state: State, status: str) -> None:
    verdict = judge(endpoint(traffic(series()), state=state, status=status), SETTINGS, NOW)
    assert verdict == Fine(f"it is {status}: nothing is served or billed")


def test_what_is_being_changed_is_judged_later() -> None:
    updating = endpoint(traffic(series()), state="changing", status="Updating")
    assert reason(updating) == "it is Updating: judged when it is in service again"


def test_so_many_requests_still_count_as_none() -> None:
    canary = Settings(threshold_requests=10)
    at_the_threshold = endpoint(traffic(series(total="10")))
    above = endpoint(traffic(series(total="10.5")))
    assert isinstance(judge(at_the_threshold, canary, NOW), Breach)
    assert isinstance(judge(above, canary, NOW), Fine)
    assert isinstance(judge(at_the_threshold, SETTINGS, NOW), Fine)


def test_the_threshold_is_of_the_sum_of_all_variants() -> None:
    both = Hosting("config-1", (BLUE, GREEN))
    found = traffic(series("blue", "6"), series("green", "6"))
    assert isinstance(judge(endpoint(found, both), Settings(threshold_requests=10), NOW), Fine)


def test_a_minimum_age_beyond_the_window_leaves_the_younger_alone() -> None:
    settings = Settings(minimum_age_days=30)
    young = endpoint(traffic(series()), age=timedelta(days=29, hours=23))
    old = endpoint(traffic(series()), age=timedelta(days=30))
    assert judge(young, settings, NOW) == Fine("younger than 30 days")
    assert isinstance(judge(old, settings, NOW), Breach)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"window_days": 0}, "window_days must be 1 to 14"),
        ({"window_days": 15}, "window_days must be 1 to 14"),
        ({"minimum_age_days": -1}, "minimum_age_days must not be negative"),
        ({"threshold_requests": -1}, "threshold_requests must not be negative"),
    ],
)
def test_settings_that_prove_nothing_are_refused(settings: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Settings(**settings)


def test_settings_say_what_has_to_be_read() -> None:
    settings = Settings(window_days=14, threshold_requests=3)
    assert settings.window(NOW) == Window(NOW - timedelta(days=14), NOW)
    assert settings.at_most == Decimal(3)
