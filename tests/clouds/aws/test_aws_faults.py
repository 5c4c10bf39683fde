"""Every read, failing in every way: what is missing is a gap, and never looks like "unused"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hygiene.localcloud.faults import KINDS
from hygiene.localcloud.spec import EndpointSpec
from hygiene.model.resource import Endpoint, Gap

Spec = Callable[..., EndpointSpec]

FAULTS = tuple(kind for kind in KINDS if not kind.endswith("_after"))
SCANNED = (
    "ListEndpoints",
    "ListInferenceComponents",
    "ListMetrics",
    "GetMetricData",
    "DescribeEndpoint",
    "DescribeEndpointConfig",
    "DescribeModel",
    "ListTags",
)
SCALING = ("DescribeScalableTargets", "DescribeScalingPolicies", "DescribeScheduledActions")


@pytest.fixture
def place(here: Any, spec: Spec) -> Any:
    """Idle, asynchronous, shared and busy endpoints; one without tags, one with scaling.

    Its clock stands, so that the busy one's newest hour is the same in every scan.
    """
    here.cloud.clock.stand()
    here.seed(
        spec("idle", scaling={"min": 1, "max": 2, "target": 50}),
        spec("bare", tags={}, hosting="async", backlog="none"),
        spec("shared", hosting="components", components=[{"name": "a"}]),
        spec("busy", traffic={"busy": 5}),
    )
    return here


def parts(endpoint: Endpoint) -> Iterator[object]:
    yield from (endpoint.traffic, endpoint.hosting, endpoint.labels)


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("operation", SCANNED)
def test_scan(place: Any, operation: str, kind: str, patience: Any) -> None:
    window = place.window
    healthy, none = place.scan(window=window)
    assert none == ()
    place.cloud.faults.add(operation, kind, None)
    found, gaps = place.scan(window=window, patience=patience)
    assert gaps, "something is missing, and nothing says so"
    assert all(gap.reason and gap.place == place.ref("idle").place for gap in gaps)
    for name, endpoint in found.items():
        unread = isinstance(endpoint.traffic, Gap)
        for part, whole in zip(parts(endpoint), parts(healthy[name]), strict=True):
            assert part == whole or isinstance(part, Gap) or (unread and part is None)
    if "busy" in found and operation not in ("ListMetrics", "GetMetricData"):
        assert found["busy"] == healthy["busy"]


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("operation", [one for one in SCANNED if one != "ListEndpoints"])
def test_look(place: Any, operation: str, kind: str, patience: Any) -> None:
    place.cloud.faults.add(operation, kind, None)
    looked = place.look("idle", patience=patience)
    assert isinstance(looked, Gap)
    assert (looked.ref, bool(looked.reason)) == (place.ref("idle"), True)


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("operation", [*SCANNED[4:], *SCALING, "ListInferenceComponents"])
def test_preimage(place: Any, operation: str, kind: str, patience: Any) -> None:
    place.cloud.faults.add(operation, kind, None)
    before = place.reader(patience).preimage(place.ref("idle"))
    assert isinstance(before, Gap)
    assert before.reason.startswith("cannot be undone: ")


@pytest.mark.parametrize("kind", FAULTS)
def test_tags_that_the_bulk_does_not_tell_are_asked_for(
    place: Any, kind: str, patience: Any
) -> None:
    window = place.window
    healthy = place.scan(window=window)
    place.cloud.faults.add("GetResources", kind, None)
    assert place.scan(window=window, patience=patience) == healthy


def test_the_first_page_fails(here: Any, spec: Spec) -> None:
    here.seed(spec("some", repeat=3))
    here.cloud.faults.add("ListEndpoints", "500", None)
    found, (gap,) = here.scan()
    assert (found, gap.what, gap.ref) == ({}, "endpoints", None)
    assert here.cloud.log.count() == 1


def test_a_page_midway_fails(here: Any, spec: Spec) -> None:
    """What was read stays, and one gap of the place says that there may be more."""
    here.seed(spec("some", repeat=150, traffic={"busy": 1}))
    here.cloud.aws.looks_in_progress = 1
    reader = here.reader()
    strike_second(here, reader)
    found, gaps = here.scan()
    assert len(found) == 100
    assert [(gap.what, gap.ref) for gap in gaps] == [("endpoints", None)]


def strike_second(here: Any, reader: Any) -> None:
    """Plans a fault once the first page has been answered."""
    events = reader._sagemaker.meta.events

    def plan(**_: object) -> None:
        events.unregister("after-call.sagemaker.ListEndpoints", plan)
        here.cloud.faults.add("ListEndpoints", "broken_page", 1)

    events.register("after-call.sagemaker.ListEndpoints", plan)


def test_use_that_was_seen_stays_seen(here: Any, spec: Spec) -> None:
    """A metric that could not be listed hides nothing of an endpoint that another shows busy."""
    here.seed(spec("busy", traffic={"busy": 5}), spec("idle"))
    here.cloud.faults.add("ListInferenceComponents", "denied", None)
    found, gaps = here.scan()
    assert found["busy"].traffic.total > 0
    assert isinstance(found["idle"].traffic, Gap)
    assert [(gap.what, gap.ref) for gap in gaps] == [("traffic", None)]


def test_a_gap_gives_the_clouds_own_reason(here: Any, spec: Spec) -> None:
    here.seed(spec("idle"))
    here.cloud.faults.add("GetMetricData", "denied", None)
    found, (gap,) = here.scan()
    assert found["idle"].traffic == gap
    assert gap.ref == here.ref("idle")
    assert gap.reason.startswith("GetMetricData: AccessDenied")


def test_one_failed_chunk_hides_only_its_own(here: Any, spec: Spec) -> None:
    variants = [{"name": f"v{n}"} for n in range(10)]
    here.seed(spec("wide", repeat=51, variants=variants))
    here.cloud.faults.add("GetMetricData", "500", 1)
    found, gaps = here.scan()
    unread = {name for name, one in found.items() if isinstance(one.traffic, Gap)}
    assert (len(unread), len(found)) == (50, 51)
    assert {gap.ref.name for gap in gaps if gap.ref} == unread
