"""Values to keep: a few by hand, and a strategy for every type of the model."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from hygiene.model.entry import Intended, Posted, Settled, SettledAs
from hygiene.model.finding import Breach, Finding, Owner
from hygiene.model.money import Money
from hygiene.model.plan import Change, Plan
from hygiene.model.resource import (
    Endpoint,
    Hosting,
    Place,
    ResourceRef,
    Scan,
    Series,
    Traffic,
    Variant,
    Window,
)

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PLACE = Place("aws", "111122223333", "eu-west-1")


def ref(name: str = "ranker") -> ResourceRef:
    arn = f"arn:aws:sagemaker:eu-west-1:111122223333:endpoint/{name}"
    return ResourceRef("aws", "111122223333", "eu-west-1", "endpoint", arn)


def endpoint(name: str = "ranker") -> Endpoint:
    counted = Series("Invocations", (("EndpointName", name),), "main", True, Decimal(0), 168)
    return Endpoint(
        ref(name),
        "serving",
        "InService",
        NOW - timedelta(days=90),
        Traffic(Window.back_from(NOW, 7), (counted,), "aws cloudwatch get-metric-data …"),
        Hosting(f"{name}-config", (Variant("main", "ml.g5.xlarge", 1),)),
        (("owner", "ann@example.com"), ("team", "search")),
    )


def scan(*names: str, policy: str = "zero_traffic_endpoint", place: Place = PLACE) -> Scan:
    return Scan(place, "endpoint", policy, NOW, tuple(endpoint(name) for name in names), ())


def plan(plan_id: str, *names: str, made_at: datetime = NOW) -> Plan:
    changes = tuple(_change(name) for name in names)
    return Plan(plan_id, "run-1", made_at, changes, (), (), (), (), ())


def _change(name: str) -> Change:
    idle = Breach(NOW - timedelta(days=7), "0 requests in 7 days", (), "proven")
    owner = Owner("ann@example.com", "search")
    check = "zero_traffic_endpoint"
    money = Money(Decimal("1028.57"), date(2026, 2, 1))
    finding = Finding(endpoint(name), check, check, idle, money, owner)
    return Change(
        f"chg-{name}",
        ref(name),
        "delete_endpoint",
        finding,
        endpoint(name).fingerprint,
        "enforce",
        None,
        NOW + timedelta(days=7),
    )


def intent(name: str = "ranker", run_id: str = "run-1") -> Intended:
    return Intended(
        NOW,
        run_id,
        ref(name),
        0,
        f"chg-{name}",
        "zero_traffic_endpoint",
        "zero_traffic_endpoint",
        "delete_endpoint",
        NOW + timedelta(minutes=15),
        '{"EndpointName": "ranker"}',
        "ann@example.com",
        Money(Decimal("1028.57"), date(2026, 2, 1)),
    )


def settled(opened: Intended, outcome: SettledAs = "done") -> Settled:
    return Settled(
        NOW,
        opened.run_id,
        opened.ref,
        opened.turn,
        opened.change_id,
        opened.verb,
        outcome,
        "",
    )


def posted(key: str) -> Posted:
    return Posted(NOW, key, "#cloud-hygiene", "1740888000.000100")


_LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=12),
    int: st.integers(-(2**63), 2**63),
    bool: st.booleans(),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    NoneType: st.none(),
}


@cache
def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type that the model uses, unions and nested dataclasses included."""
    if kind in _LEAVES:
        return _LEAVES[kind]
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{one.name: values(hints[one.name]) for one in fields(kind)})
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) in (Union, UnionType):
        return st.one_of([values(one) for one in get_args(kind)])
    inner = get_args(kind)
    assert get_origin(kind) is tuple, kind
    if inner[1:] == (...,):
        return st.lists(values(inner[0]), max_size=3).map(tuple)
    return st.tuples(*[values(one) for one in inner])
