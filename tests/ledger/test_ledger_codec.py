"""What is kept comes back as it was: the same values of the same types."""

from __future__ import annotations

from traceback import format_exception
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygiene.ledger.codec import ENTRY_TYPES, entry_from_json, from_json, to_json
from hygiene.ledger.errors import Unreadable
from hygiene.model.entry import Entry
from hygiene.model.plan import Plan
from hygiene.model.resource import Endpoint, Gap, Hosting, Scan, Traffic
from tests.ledger.samples import endpoint, scan, values

KEPT = (*get_args(Entry), Scan, Plan)


@pytest.mark.parametrize("kind", KEPT)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
@given(data=st.data())
def test_every_value_comes_back_as_it_was(kind: Any, data: st.DataObject) -> None:
    value = data.draw(values(kind))
    back = from_json(kind, to_json(value))
    assert back == value
    assert to_json(back) == to_json(value)  # decimals keep their digits too


@settings(max_examples=50, deadline=None)
@given(value=values(Endpoint))
def test_a_fingerprint_survives(value: Endpoint) -> None:
    (back,) = from_json(Scan, to_json(Scan(*_HEAD, (value,), ()))).resources
    assert back.fingerprint == value.fingerprint


_HEAD = (scan().place, scan().kind, scan().policy, scan().read_at)


@given(traffic=values(Traffic | Gap), hosting=values(Hosting | Gap | None))
def test_a_union_keeps_its_side(traffic: Any, hosting: Any) -> None:
    one = endpoint()
    one = Endpoint(one.ref, one.state, one.status, one.created_at, traffic, hosting, None)
    (back,) = from_json(Scan, to_json(Scan(*_HEAD, (one,), ()))).resources
    assert (type(back.traffic), type(back.hosting)) == (type(traffic), type(hosting))


def test_the_stored_names_of_the_entries_stand() -> None:
    """A ledger holds these names for years: a renamed class needs a migration of its readers."""
    assert set(ENTRY_TYPES) == {
        "Approved",
        "Counted",
        "Intended",
        "Looked",
        "Noticed",
        "NotDelivered",
        "Overridden",
        "Posted",
        "Resumed",
        "Settled",
        "Snoozed",
        "Stopped",
        "Withdrawn",
    }


def test_a_body_of_another_version_is_told_without_its_content() -> None:
    body = '{"at": "2026-03-02T04:00:00Z", "key": "hunter2"}'
    with pytest.raises(Unreadable, match=r"^Posted channel: Field required$") as raised:
        entry_from_json("Posted", body)
    assert "hunter2" not in "".join(format_exception(raised.value))
    with pytest.raises(Unreadable, match="unknown type Praised"):
        entry_from_json("Praised", "{}")
