"""How many requests a scan may cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hygiene.clouds.aws.endpoint import EndpointReader
from hygiene.localcloud.spec import many


def test_a_scan_of_a_thousand_endpoints(here: Any) -> None:
    """At most 40 requests, and 4 more for each of the 50 that may be idle."""
    here.cloud.seed(many(total=1000, idle=50))
    found, gaps = here.scan()
    assert (len(found), gaps) == (1000, ())
    assert sum(one.hosting is not None for one in found.values()) == 50
    assert here.cloud.log.count() <= 40 + 4 * 50
    assert here.cloud.log.mutating() == ()


def test_a_scan_of_nothing_asks_once_whose_nothing_it_is(here: Any) -> None:
    reader = EndpointReader(here.session, here.ref("any").place)
    for _ in range(2):
        assert reader.scan(here.window, Decimal(0)) == ((), ())
    assert [one.operation for one in here.cloud.log] == [
        "ListEndpoints",
        "GetCallerIdentity",
        "ListEndpoints",
    ]
