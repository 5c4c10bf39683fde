"""Times in answers are read quickly, and as botocore reads them."""

from __future__ import annotations

from datetime import UTC, datetime

import boto3
import pytest
from botocore.utils import parse_timestamp

from hygiene.clouds.aws import session


def _parser(limited: boto3.Session) -> object:
    factory = limited._session.get_component("response_parser_factory")
    return factory.create_parser("json")._timestamp_parser


@pytest.mark.parametrize("limit", [session.reading, session.writing])
@pytest.mark.parametrize(
    "written", [1_770_000_000, 1_770_000_000.25, 0, "2026-02-02T02:40:00Z", "1770000000"]
)
def test_a_time_is_the_one_that_botocore_reads(limit, written) -> None:
    parse = _parser(limit(boto3.Session("key", "secret", region_name="us-east-1")))
    assert parse(written) == parse_timestamp(written)
    assert parse(1_770_000_000) == datetime(2026, 2, 2, 2, 40, tzinfo=UTC)
    assert parse(1_770_000_000).tzinfo is UTC


@pytest.mark.parametrize("written", ["soon", float("nan"), 1e30])
def test_a_broken_time_is_refused(written) -> None:
    parse = _parser(session.reading(boto3.Session("key", "secret", region_name="us-east-1")))
    with pytest.raises((ValueError, OverflowError)):
        parse(written)
