"""What holds of the rule whatever an endpoint looks like."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import find, given
from hypothesis import strategies as st

from hygiene.checks.zero_traffic_endpoint import Settings, judge
from hygiene.model.finding import Breach
from hygiene.model.resource import Endpoint, Hosting, State, Traffic, Variant
from tests.checks.quiet_endpoints import GAP, HOURS, NOW, endpoint, series, traffic

NAMES = ("blue", "green", "llama")
VARIANTS = st.builds(
    Variant,
    st.sampled_from(NAMES),
    st.sampled_from(["ml.g5.xlarge", "ml.g5.xlarge", None]),
    st.integers(0, 2),
    st.integers(0, 1),
)
HOSTINGS = st.builds(
    Hosting,
    config=st.just("config-1"),
    variants=st.lists(VARIANTS, min_size=1, max_size=2, unique_by=lambda variant: variant.name).map(
        tuple
    ),
    components=st.lists(st.sampled_from(NAMES), max_size=2, unique=True).map(tuple),
)
BLEMISHES = st.builds(
    series,
    member=st.sampled_from((None, *NAMES)),
    total=st.sampled_from(["0", "1", "2.5"]),
    hours=st.sampled_from([HOURS, HOURS - 1, 0]),
    metric=st.sampled_from(["InvocationsProcessed", "ApproximateBacklogSize"]),
    part=st.sampled_from([None, "encoder"]),
    counts_requests=st.booleans(),
)


STATES: st.SearchStrategy[State] = st.sampled_from(
    ["serving", "serving", "serving", "changing", "failed"]
)


@st.composite
def endpoints(draw: st.DrawFn) -> Endpoint:
    """An endpoint that is idle, but for what is drawn to blemish it: often nothing."""
    hosting = draw(HOSTINGS)
    whole = [series(member) for member in hosting.members]
    kept = [one for one in whole if draw(st.integers(0, 5))]
    found = traffic(*kept, *draw(st.lists(BLEMISHES, max_size=2)))
    state = draw(STATES)
    return endpoint(found, hosting, state, age=timedelta(days=draw(st.integers(6, 60))))


ENDPOINTS = endpoints()
SOME_SETTINGS = st.builds(
    Settings, minimum_age_days=st.integers(0, 30), threshold_requests=st.integers(0, 3)
)


def covered(member: str, found: Traffic) -> bool:
    """Whether something that counts this member's requests has data in every hour."""
    return any(
        one.member == member and one.counts_requests and one.hours_covered == HOURS
        for one in found.series
    )


@given(ENDPOINTS, SOME_SETTINGS)
def test_a_breach_is_measured_everywhere_and_within_the_threshold(
    subject: Endpoint, settings: Settings
) -> None:
    if isinstance(judge(subject, settings, NOW), Breach):
        assert subject.state == "serving"
        assert isinstance(subject.traffic, Traffic)
        assert isinstance(subject.hosting, Hosting)
        assert all(covered(member, subject.traffic) for member in subject.hosting.members)
        assert subject.traffic.total <= settings.threshold_requests


@given(ENDPOINTS, SOME_SETTINGS)
def test_a_gap_is_never_a_breach(subject: Endpoint, settings: Settings) -> None:
    for blind in (replace(subject, traffic=GAP), replace(subject, hosting=GAP)):
        assert not isinstance(judge(blind, settings, NOW), Breach)


@given(ENDPOINTS, SOME_SETTINGS, st.data())
def test_more_traffic_never_makes_a_breach(
    subject: Endpoint, settings: Settings, data: st.DataObject
) -> None:
    if not isinstance(subject.traffic, Traffic) or not subject.traffic.series:
        return
    which = data.draw(st.integers(0, len(subject.traffic.series) - 1))
    more = list(subject.traffic.series)
    more[which] = replace(more[which], total=more[which].total + data.draw(st.integers(1, 5)))
    busier = replace(subject, traffic=replace(subject.traffic, series=tuple(more)))
    if not isinstance(judge(subject, settings, NOW), Breach):
        assert not isinstance(judge(busier, settings, NOW), Breach)


@given(ENDPOINTS, SOME_SETTINGS)
def test_less_data_never_makes_a_breach(subject: Endpoint, settings: Settings) -> None:
    if isinstance(subject.traffic, Traffic) and not isinstance(
        judge(subject, settings, NOW), Breach
    ):
        fewer = tuple(
            replace(one, hours_covered=one.hours_covered // 2) for one in subject.traffic.series
        )
        thinner = replace(subject, traffic=replace(subject.traffic, series=fewer))
        assert not isinstance(judge(thinner, settings, NOW), Breach)


def test_the_properties_meet_breaches() -> None:
    find(ENDPOINTS, lambda subject: isinstance(judge(subject, Settings(), NOW), Breach))
