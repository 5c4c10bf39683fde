"""A local cloud on the wire, and readers and writers with little patience."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import boto3
import pytest

from hygiene.checks.zero_traffic_endpoint import Settings, judge
from hygiene.clouds.aws import endpoint
from hygiene.clouds.aws.endpoint_write import EndpointWriter, Waiting
from hygiene.clouds.aws.session import Patience
from hygiene.localcloud.cloud import LocalCloud, running
from hygiene.localcloud.spec import EndpointSpec, EstateSpec
from hygiene.model.finding import Verdict
from hygiene.model.resource import Endpoint, Gap, Gone, Place, Resource, ResourceRef, Window
from hygiene.ports import Reader

PLACE = Place("aws", "111111111111", "us-east-1")
ONCE = Patience(attempts=1)
RETRYING = Patience(attempts=4)
HURRIED = Patience(attempts=1, read_timeout=0.5)
"""For faults that say nothing: what is waited for in vain is waited for briefly."""


@dataclass(frozen=True, slots=True)
class Here:
    """One place of the local cloud, and short ways to look at it."""

    cloud: LocalCloud
    session: boto3.Session
    readers: dict[Patience, Reader] = field(default_factory=dict)

    @property
    def window(self) -> Window:
        return Window.back_from(self.cloud.clock.now(), 7)

    def seed(self, *endpoints: EndpointSpec) -> None:
        self.cloud.seed(EstateSpec(name="test", endpoints=endpoints))

    def ref(self, name: str) -> ResourceRef:
        arn = self.cloud.arn(name, PLACE.account)
        return ResourceRef(PLACE.cloud, PLACE.account, PLACE.region, "endpoint", arn)

    def reader(self, patience: Patience = ONCE) -> Reader:
        """A reader; its clients are slow to make, so tests share them."""
        if patience not in self.readers:
            clock = self.cloud.clock.now
            self.readers[patience] = endpoint.reader(self.session, PLACE, clock, patience)
        return self.readers[patience]

    def writer(
        self, session: boto3.Session | None = None, patience: Patience = ONCE
    ) -> EndpointWriter:
        waiting = Waiting(delay=0, looks=5)
        return EndpointWriter(session or self.session, PLACE, waiting, ONCE, patience)

    def scan(
        self,
        at_most: int = 0,
        patience: Patience = ONCE,
        window: Window | None = None,
    ) -> tuple[dict[str, Endpoint], tuple[Gap, ...]]:
        resources, gaps = self.reader(patience).scan(window or self.window, Decimal(at_most))
        return {one.ref.name: one for one in resources}, gaps

    def look(
        self, name: str, window: Window | None = None, patience: Patience = ONCE
    ) -> Resource | Gone | Gap:
        return self.reader(patience).look(self.ref(name), window or self.window)

    def verdict(self, name: str) -> Verdict:
        """What the check says of an endpoint after a scan."""
        now, settings = self.cloud.clock.now(), Settings()
        found, _ = self.scan(window=settings.window(now))
        return judge(found[name.lower()], settings, now)


@pytest.fixture(scope="session")
def _everything() -> Iterator[Here]:
    with running() as cloud, pytest.MonkeyPatch.context() as patch:
        for name, value in cloud.env.items():
            patch.setenv(name, value)
        yield Here(cloud, boto3.Session())


@pytest.fixture
def here(_everything: Here) -> Here:
    """The local cloud, empty."""
    _everything.cloud.reset()
    return _everything


Spec = Callable[..., EndpointSpec]


@pytest.fixture
def spec() -> Spec:
    """An endpoint of the place, idle and tagged unless told otherwise."""

    def build(name: str = "idle", **fields: object) -> EndpointSpec:
        tags = {"owner": "ada@example.com"}
        return EndpointSpec.model_validate(
            {"name": name, "account": PLACE.account, "tags": tags, **fields}
        )

    return build


@pytest.fixture
def retrying() -> Patience:
    return RETRYING


@pytest.fixture
def patience(request: pytest.FixtureRequest) -> Patience:
    """Fit for the `kind` of fault that a test is about."""
    kind = request.getfixturevalue("kind")
    return HURRIED if kind.startswith("timeout") else ONCE
