"""A local cloud on the wire, and readers and writers with little patience."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import boto3
import pytest

from hygiene.clouds.aws import endpoint
from hygiene.clouds.aws.endpoint_write import EndpointWriter, Waiting
from hygiene.clouds.aws.session import Patience
from hygiene.localcloud.cloud import LocalCloud, running
from hygiene.localcloud.spec import EndpointSpec, EstateSpec
from hygiene.model.resource import Endpoint, Gap, Gone, Place, Resource, ResourceRef, Window
from hygiene.ports import Reader

PLACE = Place("aws", "111111111111", "us-east-1")
ONCE = Patience(attempts=1, connect_timeout=1, read_timeout=0.5)
RETRYING = Patience(attempts=4, connect_timeout=1, read_timeout=0.5)


@dataclass(frozen=True, slots=True)
class Here:
    """One place of the local cloud, and short ways to look at it."""

    cloud: LocalCloud
    session: boto3.Session

    @property
    def window(self) -> Window:
        return Window.back_from(self.cloud.clock.now(), 7)

    def seed(self, *endpoints: EndpointSpec) -> None:
        self.cloud.seed(EstateSpec(name="test", endpoints=endpoints))

    def ref(self, name: str) -> ResourceRef:
        arn = self.cloud.arn(name, PLACE.account)
        return ResourceRef(PLACE.cloud, PLACE.account, PLACE.region, "endpoint", arn)

    def reader(self, patience: Patience = ONCE) -> Reader:
        return endpoint.reader(self.session, PLACE, self.cloud.clock.now, patience)

    def writer(self, session: boto3.Session | None = None) -> EndpointWriter:
        return EndpointWriter(
            session or self.session, PLACE, Waiting(delay=0, looks=5), reads=ONCE, writes=ONCE
        )

    def scan(
        self, at_most: int = 0, patience: Patience = ONCE
    ) -> tuple[dict[str, Endpoint], tuple[Gap, ...]]:
        resources, gaps = self.reader(patience).scan(self.window, Decimal(at_most))
        return {one.ref.name: one for one in resources}, gaps

    def look(self, name: str) -> Resource | Gone | Gap:
        return self.reader().look(self.ref(name), self.window)


@pytest.fixture(scope="session")
def _cloud() -> Iterator[LocalCloud]:
    with running() as cloud:
        yield cloud


@pytest.fixture
def here(_cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> Here:
    _cloud.reset()
    for name, value in _cloud.env.items():
        monkeypatch.setenv(name, value)
    return Here(_cloud, boto3.Session())


@pytest.fixture
def spec() -> Callable[..., EndpointSpec]:
    """An endpoint of the place, idle unless told otherwise."""

    def build(name: str = "idle", **fields: object) -> EndpointSpec:
        tags = {"owner": "ada@example.com"}
        return EndpointSpec.model_validate(
            {"name": name, "account": PLACE.account, "tags": tags, **fields}
        )

    return build
