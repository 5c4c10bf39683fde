"""Estates as they are declared in YAML: endpoints with their age, traffic and tags."""

from __future__ import annotations

from importlib import resources
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from ruamel.yaml import YAML

Expect = Literal["breach", "fine", "unknown", "exempt", "held"]
Hosting = Literal["instances", "async", "serverless", "components"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TrafficSpec(_Strict):
    """How one member is called. Short forms in YAML: `none` (zeros) and `no_data`."""

    busy: int = Field(default=0, ge=0, description="Calls an hour.")
    last_hours: float | None = Field(
        default=None, gt=0, description="Busy only since so long ago; zeros before."
    )
    since_days: float | None = Field(
        default=None, gt=0, description="Data begins so long ago, not at creation."
    )
    until_days: float | None = Field(
        default=None, gt=0, description="Data ended so long ago, instead of going on."
    )
    no_data: bool = False


def _traffic(value: object) -> object:
    short = {"none": TrafficSpec(), "no_data": TrafficSpec(no_data=True)}
    return short.get(value, value) if isinstance(value, str) else value


Traffic = Annotated[TrafficSpec, BeforeValidator(_traffic)]


class VariantSpec(_Strict):
    """A variant. `traffic` is its own, or the endpoint's."""

    name: str = "AllTraffic"
    instance_type: str = "ml.m5.large"
    count: int = Field(default=1, ge=0)
    shadow: bool = False
    serverless: bool = False
    concurrency: int = Field(default=0, ge=0, description="Provisioned; serverless only.")
    traffic: Traffic | None = None
    containers: dict[str, Traffic] = Field(default={}, description="Called directly, by name.")


class ComponentSpec(_Strict):
    """An inference component. `traffic` is its own, or the endpoint's."""

    name: str
    variant: str = "AllTraffic"
    copies: int = Field(default=1, ge=0)
    traffic: Traffic | None = None


class ScalingSpec(_Strict):
    """A scalable target for the first variant, with a target tracking policy."""

    min: int = Field(ge=0)
    max: int = Field(ge=1)
    target: float = Field(gt=0, description="Invocations per instance and minute.")


class EndpointSpec(_Strict):
    """One endpoint, or `repeat` of them. `expect` and `why` say how it should be judged."""

    name: str
    account: str
    region: str = "us-east-1"
    age_days: float = Field(default=30, ge=0)
    status: Literal["InService", "Creating", "Updating", "Failed"] = "InService"
    hosting: Hosting = "instances"
    variants: tuple[VariantSpec, ...] = (VariantSpec(),)
    components: tuple[ComponentSpec, ...] = ()
    traffic: Traffic = TrafficSpec()
    backlog: Traffic | None = Field(default=None, description="Asynchronous only.")
    tags: dict[str, str] = {}
    scaling: ScalingSpec | None = None
    data_capture: bool = False
    config_deleted: bool = False
    repeat: int = Field(default=1, ge=1)
    expect: Expect | None = None
    why: str = ""

    def names(self) -> tuple[str, ...]:
        """The names of the endpoints that this declares."""
        if self.repeat == 1:
            return (self.name,)
        return tuple(f"{self.name}-{number:04d}" for number in range(1, self.repeat + 1))


class PersonSpec(_Strict):
    """Somebody whom Slack knows by this address."""

    email: str
    name: str


class EstateSpec(_Strict):
    """All accounts of an estate. The caller's own credentials belong to `home`."""

    name: str
    home: str = "111111111111"
    tag_sets: dict[str, dict[str, str]] = Field(default={}, description="A place for YAML anchors.")
    people: tuple[PersonSpec, ...] = ()
    channels: tuple[str, ...] = ()
    endpoints: tuple[EndpointSpec, ...] = ()


class Expectation(_Strict):
    """How one endpoint should be judged, and why."""

    expect: Expect
    why: str


def endpoint_arn(account: str, region: str, name: str) -> str:
    """An endpoint's ARN; the service writes names in lower case there."""
    return f"arn:aws:sagemaker:{region}:{account}:endpoint/{name.lower()}"


def expected(spec: EstateSpec) -> dict[str, Expectation]:
    """The expectations of an estate, by ARN."""
    return {
        endpoint_arn(one.account, one.region, name): Expectation(expect=one.expect, why=one.why)
        for one in spec.endpoints
        if one.expect
        for name in one.names()
    }


def load(name: str) -> EstateSpec:
    """A shipped estate by its name. Raises ValueError naming those there are."""
    folder = resources.files("hygiene.localcloud") / "estates"
    file = folder / f"{name}.yaml"
    if not file.is_file():
        names = sorted(one.name.removesuffix(".yaml") for one in folder.iterdir() if one.is_file())
        raise ValueError(f"no estate {name!r}; there are: {', '.join(names)}")
    return EstateSpec.model_validate(YAML(typ="safe").load(file.read_text("utf-8")))


def many(total: int = 1000, idle: int = 50) -> EstateSpec:
    """A large estate in one region of one account, `idle` of its endpoints without traffic."""
    tags = {"owner": "ada@example.com", "team": "ranking", "environment": "dev"}
    kinds = {"idle": (idle, TrafficSpec()), "busy": (total - idle, TrafficSpec(busy=120))}
    return EstateSpec(
        name="many",
        endpoints=tuple(
            EndpointSpec(
                name=kind,
                account="111111111111",
                variants=(VariantSpec(instance_type="ml.g5.xlarge"),),
                traffic=traffic,
                tags=tags,
                repeat=count,
                expect="breach" if kind == "idle" else "fine",
            )
            for kind, (count, traffic) in kinds.items()
            if count
        ),
    )
