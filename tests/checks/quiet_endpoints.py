"""Endpoints to judge: one that is idle beyond doubt, unless told otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hygiene.checks.zero_traffic_endpoint import Settings
from hygiene.model.resource import (
    Endpoint,
    Gap,
    Hosting,
    Place,
    ResourceRef,
    Series,
    State,
    Traffic,
    Variant,
    Window,
)

NOW = datetime(2026, 3, 10, 2, 30, tzinfo=UTC)
PLACE = Place("aws", "123456789012", "eu-central-1")
ARN = "arn:aws:sagemaker:eu-central-1:123456789012:endpoint/ranking"
REF = ResourceRef("aws", "123456789012", "eu-central-1", "endpoint", ARN)
GAP = Gap(PLACE, "traffic", "ThrottlingException", REF)
SETTINGS = Settings()
HOURS = 167
"""Whole hours in seven days that begin at half past."""

BLUE, GREEN = Variant("blue", "ml.g5.xlarge", 1), Variant("green", "ml.g5.xlarge", 2)
ONE_VARIANT = Hosting("config-1", (BLUE,))


def series(
    member: str | None = "blue",
    total: str = "0",
    hours: int = HOURS,
    metric: str = "Invocations",
    part: str | None = None,
    counts_requests: bool = True,
) -> Series:
    dimensions = (("EndpointName", "ranking"), ("VariantName", member or ""))
    return Series(metric, dimensions, member, counts_requests, Decimal(total), hours, part)


def traffic(*found: Series, window: Window | None = None) -> Traffic:
    return Traffic(window or SETTINGS.window(NOW), found, "get_metric_data ...")


def endpoint(
    found: Traffic | Gap,
    hosting: Hosting | Gap | None = ONE_VARIANT,
    state: State = "serving",
    status: str = "InService",
    age: timedelta = timedelta(days=60),
) -> Endpoint:
    return Endpoint(REF, state, status, NOW - age, found, hosting, ())
