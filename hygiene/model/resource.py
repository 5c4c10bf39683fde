"""What is there: places, resources, and the gaps where nothing could be read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Literal

Cloud = Literal["aws", "gcp"]
Labels = tuple[tuple[str, str], ...]
"""Tags or labels as (key, value) pairs, sorted by key."""

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One account (on Google: project) in one region: what one scan task reads."""

    cloud: Cloud
    account: str
    region: str

    def __str__(self) -> str:
        return f"{self.cloud} {self.account} {self.region}"


@dataclass(frozen=True, slots=True, order=True)
class ResourceRef:
    """Names one resource; `id` is the ARN (on Google: the full resource name)."""

    cloud: Cloud
    account: str
    region: str
    kind: str
    id: str

    @property
    def place(self) -> Place:
        return Place(self.cloud, self.account, self.region)

    @property
    def name(self) -> str:
        """The last part of the id: what people call the resource."""
        return self.id.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be read, and why.

    With a `ref` it hides facts of that one resource; without one it hides a part of the place,
    so that nobody knows what else is there.
    """

    place: Place
    what: str
    reason: str
    ref: ResourceRef | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The time that a judgement looks back over; both ends are aware datetimes in UTC."""

    since: datetime
    until: datetime

    @classmethod
    def back_from(cls, now: datetime, days: int) -> Window:
        """The `days` days that end at `now`."""
        return cls(now - timedelta(days=days), now)

    @property
    def asked_since(self) -> datetime:
        """`since` cut down to the whole hour, where an hourly query has to begin."""
        return self.since.replace(minute=0, second=0, microsecond=0)

    @property
    def whole_hours(self) -> frozenset[datetime]:
        """The starts of the hours that lie wholly inside: each of them must be covered by data."""
        first = self.asked_since if self.asked_since == self.since else self.asked_since + HOUR
        count = max(0, (self.until - first) // HOUR)
        return frozenset(first + n * HOUR for n in range(count))


@dataclass(frozen=True, slots=True)
class Series:
    """One metric under one exact set of dimensions, summed over a window.

    `member` is the variant, component or deployed model that it speaks of (None: the endpoint as
    a whole), `part` a container of it that is called directly. `counts_requests` is False for a
    metric that hints at use without counting it, such as a backlog. `hours_covered` counts the
    whole hours of the window that have data.
    """

    metric: str
    dimensions: Labels
    member: str | None
    counts_requests: bool
    total: Decimal
    hours_covered: int
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """Every series of use that the cloud publishes for a resource.

    `query` lets a person ask again.
    """

    window: Window
    series: tuple[Series, ...]
    query: str

    @property
    def total(self) -> Decimal:
        """The sum over all variants, components and metrics: never the first one's alone."""
        return sum((one.total for one in self.series), Decimal(0))


@dataclass(frozen=True, slots=True)
class Variant:
    """What runs behind an endpoint and is billed: a variant, or on Google a deployed model.

    `instance_type` None: no machine of its own (serverless, shared). `instance_count` is the
    number running now. `reserved_concurrency` is what a serverless variant pays for while idle.
    """

    name: str
    instance_type: str | None
    instance_count: int
    reserved_concurrency: int = 0
    shadow: bool = False

    @property
    def bills_while_idle(self) -> bool:
        if self.instance_type is None:
            return self.reserved_concurrency > 0
        return self.instance_count > 0


@dataclass(frozen=True, slots=True)
class Hosting:
    """How an endpoint hosts its models. `components` are the inference components, by name.

    `no_undo` says why the endpoint could not be created again as it is; empty where it could.
    """

    config: str
    variants: tuple[Variant, ...]
    components: tuple[str, ...] = ()
    asynchronous: bool = False
    no_undo: str = ""

    @property
    def members(self) -> tuple[str, ...]:
        """Whose traffic must be known before the endpoint can be called idle."""
        return self.components or tuple(variant.name for variant in self.variants)


State = Literal["serving", "changing", "failed", "deleting"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model endpoint. A field that holds a `Gap` could not be read.

    `hosting` and `labels` are None where the traffic alone already shows use: they were not asked
    for. `status` is the cloud's own word, `state` ours.
    """

    KIND: ClassVar[str] = "endpoint"

    ref: ResourceRef
    state: State
    status: str
    created_at: datetime
    traffic: Traffic | Gap
    hosting: Hosting | Gap | None = None
    labels: Labels | Gap | None = None

    @property
    def fingerprint(self) -> str:
        """A digest of the facts that a judgement rests on: another one means another resource."""
        facts = (self.ref, self.state, self.created_at.isoformat(), self.hosting)
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


Resource = Endpoint
"""Every kind of resource there is; a new kind joins with `|`."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A look found no such resource (the cloud itself said so)."""

    ref: ResourceRef


@dataclass(frozen=True, slots=True)
class Scan:
    """What one place holds of one kind, and what of it could not be read."""

    place: Place
    kind: str
    policy: str
    read_at: datetime
    resources: tuple[Resource, ...]
    gaps: tuple[Gap, ...]
