"""A cloud, a clock and a messenger made of plain values, and short ways to build the model's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hygiene.checks.zero_traffic_endpoint import Settings
from hygiene.estate import Account, Estate
from hygiene.model.finding import Breach, Finding, Owner
from hygiene.model.money import Money
from hygiene.model.note import Delivered, Delivery, Note, Undelivered
from hygiene.model.plan import Change, Plan, Population, Preimage, WriteResult, Written, change_id
from hygiene.model.resource import (
    Endpoint,
    Gap,
    Gone,
    Hosting,
    Place,
    ResourceRef,
    Series,
    Traffic,
    Variant,
    Window,
)
from hygiene.policy import Budget, Policy
from hygiene.rules import Rules

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
PLACE = Place("aws", "111111111111", "us-east-1")
LABELS = (("owner", "ada@example.com"), ("team", "search"))
ROOMY = Budget(changes=1000, share=Decimal(1), monthly_usd=Decimal(10**9))


def ref(name: str, place: Place = PLACE) -> ResourceRef:
    arn = f"arn:aws:sagemaker:{place.region}:{place.account}:endpoint/{name}"
    return ResourceRef(place.cloud, place.account, place.region, "endpoint", arn)


def traffic(total: int = 0, *, window: Window | None = None, member: str = "main") -> Traffic:
    window = window or Window.back_from(NOW, 7)
    dimensions = (("EndpointName", "e"), ("VariantName", member))
    hours = len(window.whole_hours)
    one = Series("Invocations", dimensions, member, True, Decimal(total), hours)
    return Traffic(window, (one,), "GetMetricData, Sum an hour")


def endpoint(
    name: str = "idle", *, requests: int = 0, age_days: int = 60, **changed: object
) -> Endpoint:
    """An idle, old, fully covered endpoint; keyword arguments replace its fields."""
    base = Endpoint(
        ref=ref(name),
        state="serving",
        status="InService",
        created_at=NOW - timedelta(days=age_days),
        traffic=traffic(requests),
        hosting=Hosting(f"{name}-config", (Variant("main", "ml.g5.xlarge", 1),)),
        labels=LABELS,
    )
    return replace(base, **changed)  # type: ignore[arg-type]


class Prices:
    """One price for the one type that the fakes use."""

    def hourly(self, *asked: str) -> Money | None:
        known = asked[-1] == "ml.g5.xlarge"
        return Money(Decimal("1.006"), NOW.date()) if known else None


def policy(**changed: object) -> Policy:
    base: dict[str, object] = {
        "name": "zero_traffic_endpoint",
        "check": "zero_traffic_endpoint",
        "mode": "enforce",
        "grace_days": 7,
        "settings": Settings(),
        "budget": ROOMY,
    }
    return Policy(**{**base, **changed})  # type: ignore[arg-type]


def estate(**changed: object) -> Estate:
    account = Account(id=PLACE.account, regions=(PLACE.region,), writable=True, budget=ROOMY)
    return Estate(**{"accounts": (account,), "budget": ROOMY, **changed})  # type: ignore[arg-type]


def rules(*policies: Policy, whole: Estate | None = None) -> Rules:
    return Rules(policies or (policy(),), whole or estate(), Prices())


def finding(
    resource: Endpoint, monthly: str | None = "734.38", owner: str = "ada@example.com"
) -> Finding:
    return Finding(
        resource=resource,
        check="zero_traffic_endpoint",
        policy="zero_traffic_endpoint",
        breach=Breach(NOW - timedelta(days=7), "0 requests in 7 days", (), "proven"),
        monthly=None if monthly is None else Money(Decimal(monthly), NOW.date()),
        owner=Owner(owner, "search"),
    )


def change(resource: Endpoint | None = None, **of_finding: str | None) -> Change:
    one = finding(resource or endpoint(), **of_finding)  # type: ignore[arg-type]
    mark = one.resource.fingerprint
    return Change(
        id=change_id(one, "delete_endpoint", mark),
        ref=one.resource.ref,
        verb="delete_endpoint",
        finding=one,
        fingerprint=mark,
        mode="enforce",
        announced_at=NOW - timedelta(days=8),
        due=NOW - timedelta(days=1),
    )


def plan_of(*changes: Change, population: int = 100, made_at: datetime = NOW) -> Plan:
    places = dict.fromkeys(one.ref.place for one in changes)
    counts = tuple(Population(place, "endpoint", population) for place in places)
    return Plan("plan-1", "run-1", made_at, changes, (), (), (), (), counts)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class FakeCloud:
    """A reader and a writer over a dictionary. `answer` decides what a write leads to."""

    endpoints: dict[str, Endpoint | Gap] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    writes: list[tuple[str, str]] = field(default_factory=list)
    before_look: Callable[[], None] = lambda: None
    answer: Callable[[FakeCloud, str], WriteResult] | None = None
    no_preimage: Gap | None = None

    @classmethod
    def holding(cls, *resources: Endpoint) -> FakeCloud:
        return cls({one.ref.id: one for one in resources})

    def scan(
        self, window: Window, at_most: Decimal
    ) -> tuple[tuple[Endpoint, ...], tuple[Gap, ...]]:
        seen = tuple(one for one in self.endpoints.values() if isinstance(one, Endpoint))
        return tuple(_seen_in(one, window) for one in seen), self.gaps

    def look(self, wanted: ResourceRef, window: Window) -> Endpoint | Gone | Gap:
        self.before_look()
        seen = self.endpoints.get(wanted.id)
        if seen is None:
            return Gone(wanted)
        return seen if isinstance(seen, Gap) else _seen_in(seen, window)

    def preimage(self, wanted: ResourceRef) -> Preimage | Gap:
        return self.no_preimage or Preimage(wanted, '{"config": "kept"}')

    def write(self, verb: str, wanted: ResourceRef) -> WriteResult:
        self.writes.append((verb, wanted.id))
        if self.answer:
            return self.answer(self, wanted.id)
        del self.endpoints[wanted.id]
        return Written()

    def undo(self, verb: str, preimage: Preimage) -> WriteResult:
        self.writes.append((f"undo {verb}", preimage.ref.id))
        if self.answer:
            return self.answer(self, preimage.ref.id)
        self.endpoints[preimage.ref.id] = endpoint(preimage.ref.name)
        return Written()


def _seen_in(one: Endpoint, window: Window) -> Endpoint:
    """The same endpoint with its traffic as a query over another window would see it."""
    if isinstance(one.traffic, Gap):
        return one
    covered = len(window.whole_hours)
    series = tuple(replace(each, hours_covered=covered) for each in one.traffic.series)
    return replace(one, traffic=replace(one.traffic, window=window, series=series))


@dataclass
class Inbox:
    """A messenger that keeps what it is told; `broken` makes it fail."""

    clock: Clock
    notes: list[Note] = field(default_factory=list)
    broken: str = ""

    def tell(self, note: Note) -> Delivery:
        if self.broken:
            return Undelivered(self.broken)
        self.notes.append(note)
        return Delivered(self.clock(), "#cloud-hygiene", str(len(self.notes)))
