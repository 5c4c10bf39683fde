"""What stands behind an endpoint: its variants, how many instances of what type, its components."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hygiene.clouds.aws.call import Answer, Failure, Listed, ask, ask_all
from hygiene.model.resource import Hosting, State, Variant

UNKNOWN_TYPE = "unknown"
"""The instance type where the config is gone: the endpoint runs on, unpriced, without an undo."""

PAGE = {"PageSize": 100}

_STATES: dict[str, State] = {"InService": "serving", "Deleting": "deleting", "Failed": "failed"}


def state_of(status: str) -> State:
    """Our word for SageMaker's status; whatever is not settled is changing."""
    return _STATES.get(status, "changing")


def is_missing(failure: Failure, what: str) -> bool:
    """Whether SageMaker itself says that there is no such `what` (its own word, as "endpoint")."""
    said = re.match(f"Could not find {what} [\"']", failure.message)
    return failure.code == "ValidationException" and said is not None


@dataclass(frozen=True, slots=True)
class Listing:
    """An endpoint as a listing or a description shows it; `arn` ends in its name as it is spelt."""

    arn: str
    name: str
    status: str
    created_at: datetime

    @property
    def state(self) -> State:
        return state_of(self.status)


def listing(row: Answer) -> Listing:
    """Reads an item of ListEndpoints or an answer of DescribeEndpoint."""
    name = str(row["EndpointName"])
    # SageMaker has put names into ARNs in lower case; requests and metrics want the true spelling.
    arn = f"{str(row['EndpointArn']).rsplit('/', 1)[0]}/{name}"
    return Listing(arn, name, str(row["EndpointStatus"]), row["CreationTime"].astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Described:
    """DescribeEndpoint. Variants are read only while it serves: at other times they are in flux."""

    listing: Listing
    config: str
    variants: tuple[_Running, ...]
    asynchronous: bool


@dataclass(frozen=True, slots=True)
class _Running:
    name: str
    shadow: bool
    pools: tuple[tuple[str, int], ...]
    instances: int
    serverless: bool
    reserved_concurrency: int


def list_endpoints(sagemaker: Any) -> Listed[Listing]:
    """Every endpoint of the region."""
    return ask_all(sagemaker, "list_endpoints", "Endpoints", listing, PaginationConfig=PAGE)


def describe(sagemaker: Any, name: str) -> Described | Failure:
    """One endpoint as it is now."""
    return ask(sagemaker, "describe_endpoint", _described, EndpointName=name)


def _described(answer: Answer) -> Described:
    seen = listing(answer)
    variants: list[_Running] = []
    if seen.state == "serving":
        variants += [_running(row, shadow=False) for row in answer["ProductionVariants"]]
        shadows = answer.get("ShadowProductionVariants", [])
        variants += [_running(row, shadow=True) for row in shadows]
    return Described(
        seen,
        str(answer["EndpointConfigName"]),
        tuple(sorted(variants, key=lambda one: one.name)),
        "AsyncInferenceConfig" in answer,
    )


def _running(row: Answer, shadow: bool) -> _Running:
    """Counts the instances that run now, since those are billed; not those that are wished for."""
    serverless = row.get("CurrentServerlessConfig")
    pools = tuple(
        sorted(
            (str(pool["InstanceType"]), int(pool["CurrentInstanceCount"]))
            for pool in row.get("InstancePools", [])
        )
    )
    return _Running(
        name=str(row["VariantName"]),
        shadow=shadow,
        pools=pools,
        instances=0 if serverless or pools else int(row["CurrentInstanceCount"]),
        serverless=bool(serverless),
        reserved_concurrency=int((serverless or {}).get("ProvisionedConcurrency", 0)),
    )


def host(sagemaker: Any, described: Described, components: Sequence[str]) -> Hosting | Failure:
    """How an endpoint hosts its models; asks for its config only where instance types need it."""
    types: dict[str, str] = {}
    if any(not one.serverless and not one.pools for one in described.variants):
        config = describe_config(sagemaker, described.config)
        if isinstance(config, Config):
            types = dict(config.types)
        elif not is_missing(config, "endpoint configuration"):
            return config
    return Hosting(
        described.config,
        tuple(variant for one in described.variants for variant in _variants(one, types)),
        tuple(sorted(components)),
        described.asynchronous,
    )


def _variants(one: _Running, types: dict[str, str]) -> tuple[Variant, ...]:
    """One a variant, or where a variant mixes instance types, one a type."""
    if one.serverless:
        return (Variant(one.name, None, 0, one.reserved_concurrency, one.shadow),)
    pools = one.pools or ((types.get(one.name, UNKNOWN_TYPE), one.instances),)
    return tuple(Variant(one.name, kind, count, shadow=one.shadow) for kind, count in pools)


@dataclass(frozen=True, slots=True)
class Details:
    """What a scan asks of one endpoint; `hosting` is None where it does not serve (any more)."""

    listing: Listing
    hosting: Hosting | None


def details(sagemaker: Any, name: str, components: Sequence[str]) -> Details | Failure:
    """Describes an endpoint, and how it hosts its models while it serves."""
    described = describe(sagemaker, name)
    if isinstance(described, Failure):
        return described
    return details_of(sagemaker, described, components)


def details_of(
    sagemaker: Any, described: Described, components: Sequence[str]
) -> Details | Failure:
    """The same of an endpoint that is described already."""
    if described.listing.state != "serving":
        return Details(described.listing, None)
    hosted = host(sagemaker, described, components)
    return hosted if isinstance(hosted, Failure) else Details(described.listing, hosted)


@dataclass(frozen=True, slots=True)
class Config:
    """DescribeEndpointConfig: (variant, instance type) pairs, and every model it names.

    `modelless` are the variants that name no model, since they host inference components.
    """

    types: tuple[tuple[str, str], ...]
    models: tuple[str, ...]
    modelless: tuple[str, ...]


def describe_config(sagemaker: Any, name: str) -> Config | Failure:
    """An endpoint config."""
    return ask(sagemaker, "describe_endpoint_config", _config, EndpointConfigName=name)


def _config(answer: Answer) -> Config:
    rows = [*answer["ProductionVariants"], *answer.get("ShadowProductionVariants", [])]
    pools = [pool for row in rows for pool in row.get("InstancePools", [])]
    models = {str(row["ModelName"]) for row in rows if "ModelName" in row}
    models |= {str(pool["ModelNameOverride"]) for pool in pools if "ModelNameOverride" in pool}
    return Config(
        tuple(
            (str(row["VariantName"]), str(row["InstanceType"]))
            for row in rows
            if "InstanceType" in row
        ),
        tuple(sorted(models)),
        tuple(sorted(str(row["VariantName"]) for row in rows if "ModelName" not in row)),
    )


@dataclass(frozen=True, slots=True)
class Component:
    """An inference component and the endpoint that it runs on."""

    name: str
    endpoint: str


def list_components(sagemaker: Any, endpoint: str | None = None) -> Listed[Component]:
    """The inference components of one endpoint, or of the whole region."""
    only = {"EndpointNameEquals": endpoint} if endpoint else {}
    return ask_all(
        sagemaker,
        "list_inference_components",
        "InferenceComponents",
        lambda row: Component(str(row["InferenceComponentName"]), str(row["EndpointName"])),
        PaginationConfig=PAGE,
        **only,
    )
