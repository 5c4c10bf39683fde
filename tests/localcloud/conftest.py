"""One local cloud for all tests of this folder, emptied before each, and real clients of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import boto3
import pytest

from hygiene.localcloud.cloud import LocalCloud, running
from hygiene.localcloud.spec import EndpointSpec, EstateSpec

ACCOUNT = "111111111111"


@dataclass
class Clients:
    """boto3 clients of the local cloud, made once each: their service models load slowly."""

    cloud: LocalCloud
    session: boto3.Session = field(default_factory=boto3.Session)
    made: dict[Any, Any] = field(default_factory=dict)

    def __call__(
        self, service: str, region: str = "us-east-1", key: str | None = None, **options: Any
    ) -> Any:
        """A client with the home credentials, or with those of an assumed role."""
        wanted = (service, region, key, options.get("config"))
        if wanted not in self.made:
            self.made[wanted] = self.session.client(
                service,
                region_name=region,
                endpoint_url=self.cloud.aws_url,
                aws_access_key_id=key or self.cloud.env["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=self.cloud.env["AWS_SECRET_ACCESS_KEY"],
                **options,
            )
        return self.made[wanted]

    def as_role(self, service: str, role: str, account: str = ACCOUNT) -> Any:
        """A client with the credentials of a role in an account."""
        answer = self("sts").assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName="test"
        )
        return self(service, key=answer["Credentials"]["AccessKeyId"])


@pytest.fixture(scope="session")
def _clients() -> Iterator[Clients]:
    with running() as cloud:
        yield Clients(cloud)


@pytest.fixture
def cloud(_clients: Clients) -> LocalCloud:
    """The local cloud, empty."""
    _clients.cloud.reset()
    return _clients.cloud


@pytest.fixture
def client(_clients: Clients, cloud: LocalCloud) -> Clients:
    """Makes boto3 clients of the empty local cloud."""
    return _clients


Seed = Callable[..., None]


@pytest.fixture
def seed(cloud: LocalCloud) -> Seed:
    """Adds one endpoint, given its fields."""

    def add(name: str = "one", **fields: object) -> None:
        spec = EndpointSpec.model_validate({"name": name, "account": ACCOUNT, **fields})
        cloud.seed(EstateSpec(name="test", endpoints=(spec,)))

    return add


@dataclass(frozen=True)
class Hourly:
    """Asks CloudWatch for hourly statistics of the last days."""

    cloud: LocalCloud
    cloudwatch: Any

    def __call__(
        self, metric: str, days: int = 7, stat: str = "Sum", **dimensions: str
    ) -> list[float]:
        """Values by hour, oldest first."""
        until = self.cloud.clock.now()
        since = (until - timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
        answer = self.cloudwatch.get_metric_data(
            StartTime=since,
            EndTime=until,
            ScanBy="TimestampAscending",
            MetricDataQueries=[query("q", metric, stat=stat, **dimensions)],
        )
        values: list[float] = answer["MetricDataResults"][0]["Values"]
        return values


def query(name: str, metric: str, stat: str = "Sum", **dimensions: str) -> dict[str, Any]:
    """One hourly query of GetMetricData."""
    pairs = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    named = {"Namespace": "AWS/SageMaker", "MetricName": metric, "Dimensions": pairs}
    return {"Id": name, "MetricStat": {"Metric": named, "Period": 3600, "Stat": stat}}


@pytest.fixture
def hourly(cloud: LocalCloud, client: Clients) -> Hourly:
    """Hourly statistics."""
    return Hourly(cloud, client("cloudwatch"))


@pytest.fixture
def make_query() -> Callable[..., dict[str, Any]]:
    """Builds a query of GetMetricData."""
    return query
