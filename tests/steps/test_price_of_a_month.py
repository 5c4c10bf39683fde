"""What an endpoint bills a month: all of it, or unpriced."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.model.money import Money, total
from hygiene.model.resource import (
    Cloud,
    Endpoint,
    Gap,
    Hosting,
    Place,
    ResourceRef,
    Traffic,
    Variant,
    Window,
)
from hygiene.rates.book import RateBook, load
from hygiene.steps.price import monthly

NOW = datetime(2025, 3, 10, tzinfo=UTC)
PLACE = Place("aws", "111122223333", "us-east-1")
BOOK = load(None)


def endpoint(
    *variants: Variant, hosting: Hosting | Gap | None = None, cloud: Cloud = "aws"
) -> Endpoint:
    ref = ResourceRef(cloud, PLACE.account, PLACE.region, "endpoint", "arn:endpoint/e")
    return Endpoint(
        ref=ref,
        state="serving",
        status="InService",
        created_at=NOW,
        traffic=Traffic(Window.back_from(NOW, 7), (), ""),
        hosting=Hosting("config", variants) if variants else hosting,
    )


def on(instance_type: str | None, count: int = 1, **more: int | bool) -> Variant:
    return Variant("v", instance_type, count, **more)  # type: ignore[arg-type]


def test_the_ten_endpoints_of_the_case_study() -> None:
    types = ["ml.g5.xlarge"] * 8 + ["ml.g4dn.xlarge", "ml.p3.2xlarge"]
    found = total(monthly(endpoint(on(one)), BOOK) for one in types)
    assert found == Money(Decimal("9204.57"), date(2025, 3, 1))


def test_every_variant_counts_the_shadow_too() -> None:
    found = monthly(endpoint(on("ml.g5.xlarge", 3), on("ml.g4dn.xlarge", 2, shadow=True)), BOOK)
    assert found is not None
    assert found.amount == (3 * Decimal("1.006") + 2 * Decimal("0.736")) * 730


def test_the_oldest_rate_dates_the_sum() -> None:
    found = monthly(endpoint(on("ml.m5.xlarge"), on("ml.g5.xlarge")), BOOK)
    assert found is not None
    assert found.rated_on == date(2025, 3, 1)


def test_what_is_scaled_to_zero_needs_no_price() -> None:
    found = monthly(endpoint(on("ml.g5.xlarge"), on("ml.unheard-of", 0)), BOOK)
    assert found == monthly(endpoint(on("ml.g5.xlarge")), BOOK)


@pytest.mark.parametrize(
    "unpriced",
    [
        endpoint(on("ml.g5.xlarge"), on("ml.unheard-of")),
        endpoint(on("ml.g5.xlarge"), on(None, 0, reserved_concurrency=5)),
        endpoint(on("ml.g5.xlarge", 0)),
        endpoint(on(None, 0)),
        endpoint(hosting=None),
        endpoint(hosting=Gap(PLACE, "config", "AccessDenied")),
        endpoint(on("ml.g5.xlarge"), cloud="gcp"),
    ],
    ids=[
        "one variant has no price",
        "provisioned concurrency has no price",
        "nothing runs",
        "serverless",
        "hosting was not asked for",
        "hosting could not be read",
        "a cloud without prices",
    ],
)
def test_unpriced_is_none_and_never_a_part_of_the_sum(unpriced: Endpoint) -> None:
    assert monthly(unpriced, BOOK) is None


VARIANTS = st.lists(
    st.builds(
        Variant,
        name=st.just("v"),
        instance_type=st.sampled_from(["priced", "dear", "unheard-of", None]),
        instance_count=st.integers(min_value=0, max_value=9),
        reserved_concurrency=st.integers(min_value=0, max_value=2),
        shadow=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)
PRICES = {"priced": Decimal("0.0001"), "dear": Decimal("98.765432")}
SMALL_BOOK = RateBook(
    {
        ("aws", "endpoint", PLACE.region, name): Money(price, date(2025, 3, 1))
        for name, price in PRICES.items()
    }
)


@given(VARIANTS)
def test_the_sum_is_whole_or_none(variants: list[Variant]) -> None:
    billed = [one for one in variants if one.bills_while_idle]
    found = monthly(endpoint(*variants), SMALL_BOOK)
    if billed and all(one.instance_type in PRICES for one in billed):
        assert found is not None
        assert found.amount == sum(
            PRICES[one.instance_type or ""] * one.instance_count * 730 for one in billed
        )
        assert monthly(endpoint(*reversed(variants)), SMALL_BOOK) == found
    else:
        assert found is None
