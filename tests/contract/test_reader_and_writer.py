"""What every reader and writer owes the steps: the fake's and each cloud's, by the same tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import boto3
import pytest
from fakes import NOW, PLACE, FakeCloud
from fakes import endpoint as fake_endpoint

from hygiene.clouds.aws import endpoint as aws_endpoint
from hygiene.clouds.aws.endpoint_write import Waiting
from hygiene.localcloud.cloud import LocalCloud
from hygiene.localcloud.spec import EndpointSpec, EstateSpec, TrafficSpec
from hygiene.model.plan import Preimage, Written
from hygiene.model.resource import Endpoint, Gone, Hosting, ResourceRef, Traffic, Window
from hygiene.ports import Reader, Writer

UNUSED = Decimal(0)


@dataclass(frozen=True)
class Side:
    """A cloud with two endpoints, `idle` and `busy`, both a month old."""

    reader: Reader
    writer: Writer
    now: datetime

    @property
    def window(self) -> Window:
        return Window.back_from(self.now, 7)

    def scanned(self) -> dict[str, Endpoint]:
        resources, gaps = self.reader.scan(self.window, UNUSED)
        assert gaps == ()
        return {one.ref.name: one for one in resources}

    def ref(self, name: str) -> ResourceRef:
        return self.scanned()[name].ref


def fake() -> Side:
    cloud = FakeCloud.holding(fake_endpoint("idle"), fake_endpoint("busy", requests=9))
    return Side(cloud, cloud, NOW)


def aws(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> Side:
    cloud.reset()
    busy = TrafficSpec(busy=9)
    tags = {"owner": "ada@example.com"}
    cloud.seed(
        EstateSpec(
            name="contract",
            endpoints=(
                EndpointSpec(name="idle", account=PLACE.account, tags=tags),
                EndpointSpec(name="busy", account=PLACE.account, tags=tags, traffic=busy),
            ),
        )
    )
    cloud.aws.looks_in_progress = 0
    for name, value in cloud.env.items():
        monkeypatch.setenv(name, value)
    session, clock = boto3.Session(), cloud.clock.now
    reader = aws_endpoint.reader(session, PLACE, clock)
    return Side(reader, aws_endpoint.writer(session, PLACE, clock, Waiting(0, 5)), clock())


@pytest.fixture(params=["fake", "aws"])
def side(
    request: pytest.FixtureRequest, local_cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> Side:
    return fake() if request.param == "fake" else aws(local_cloud, monkeypatch)


def test_a_scan_tells_use_from_none_and_knows_the_idle_one_whole(side: Side) -> None:
    found = side.scanned()
    assert set(found) == {"idle", "busy"}
    idle, busy = found["idle"], found["busy"]
    assert isinstance(idle.traffic, Traffic)
    assert isinstance(busy.traffic, Traffic)
    assert idle.traffic.total == 0 < busy.traffic.total
    assert idle.traffic.window == side.window
    assert isinstance(idle.hosting, Hosting)
    assert ("owner", "ada@example.com") in (idle.labels or ())
    assert side.now - idle.created_at > timedelta(days=29)


def test_every_hour_of_an_idle_endpoint_is_covered(side: Side) -> None:
    traffic = side.scanned()["idle"].traffic
    assert isinstance(traffic, Traffic)
    assert {one.hours_covered for one in traffic.series} == {len(side.window.whole_hours)}


def test_a_look_sees_what_the_scan_saw(side: Side) -> None:
    for name, scanned in side.scanned().items():
        seen = side.reader.look(scanned.ref, side.window)
        assert isinstance(seen, Endpoint), name
        assert seen.ref == scanned.ref
        if name == "idle":
            assert seen.fingerprint == scanned.fingerprint


def test_what_is_not_there_is_gone(side: Side) -> None:
    missing = ResourceRef(*_parts(side.ref("idle")), side.ref("idle").id.replace("idle", "nobody"))
    assert side.reader.look(missing, side.window) == Gone(missing)


def _parts(ref: ResourceRef) -> tuple[str, str, str, str]:
    return ref.cloud, ref.account, ref.region, ref.kind  # type: ignore[return-value]


def test_a_deletion_and_its_undo(side: Side) -> None:
    ref = side.ref("idle")
    preimage = side.reader.preimage(ref)
    assert isinstance(preimage, Preimage)
    assert side.writer.write("delete_endpoint", ref) == Written()
    assert side.reader.look(ref, side.window) == Gone(ref)
    assert set(side.scanned()) == {"busy"}
    assert side.writer.undo("delete_endpoint", preimage) == Written()
    back = side.reader.look(ref, side.window)
    assert isinstance(back, Endpoint)
    assert back.state == "serving"
    assert ("owner", "ada@example.com") in (back.labels or ())
