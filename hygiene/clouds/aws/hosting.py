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


def is_missing(failure: Failure, what: str) -> bool:
    """Whether SageMaker itself says that there is no such `what` (its own word, as "endpoint")."""
    said = re.match(f"Could not find {what} [\"']", failure.message)
    return failure.code == "ValidationException" and said is not None


@dataclass(frozen=True, slots=True)
class Listing:
    """An endpoint as a listing or a description shows it.

    SageMaker may spell the name in the ARN in lower case, and finds endpoints by either spelling;
    metrics and scaling know only `name`. `account` and `region` are those of the ARN.
    """

    arn: str
    account: str
    region: str
    name: str
    status: str
    created_at: datetime

    @property
    def state(self) -> State:
        """Our word for SageMaker's status; whatever is not settled is changing."""
        return _STATES.get(self.status, "changing")


def listing(row: Answer) -> Listing:
    """Reads an item of ListEndpoints or an answer of DescribeEndpoint."""
    arn = str(row["EndpointArn"])
    region, account = arn.split(":")[3:5]
    return Listing(
        arn,
        account,
        region,
        str(row["EndpointName"]),
        str(row["EndpointStatus"]),
        row["CreationTime"].astimezone(UTC),
    )


@dataclass(frozen=True, slots=True)
class Described:
    """DescribeEndpoint. Variants are read only while it serves: at other times they are in flux."""

    listing: Listing
    modified_at: datetime
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
    """Every endpoint of the region, once each even where the pages shifted meanwhile."""
    listed = ask_all(sagemaker, "list_endpoints", "Endpoints", listing, PaginationConfig=PAGE)
    distinct = {one.name: one for one in listed.items}
    return Listed(tuple(distinct.values()), listed.failure)


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
        answer["LastModifiedTime"].astimezone(UTC),
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
    """How an endpoint hosts its models, and whether it could be created again as it is."""
    config = describe_config(sagemaker, described.config)
    if isinstance(config, Failure) and not is_missing(config, "endpoint configuration"):
        return config
    no_undo = _no_undo(sagemaker, described, config, components)
    if isinstance(no_undo, Failure):
        return no_undo
    types = {} if isinstance(config, Failure) else dict(config.types)
    return Hosting(
        described.config,
        tuple(variant for one in described.variants for variant in _variants(one, types)),
        tuple(sorted(components)),
        described.asynchronous,
        no_undo,
    )


def _no_undo(
    sagemaker: Any, described: Described, config: Config | Failure, components: Sequence[str]
) -> str | Failure:
    """Why CreateEndpoint would not bring this endpoint back; empty where it would."""
    if components:
        return f"it hosts {len(components)} inference components, which deletion would lose"
    if isinstance(config, Failure):
        return f"its config {described.config} is gone"
    # What an endpoint was made from is older than the endpoint; a newer thing has only its name.
    if config.created_at > described.modified_at:
        return f"its config {described.config} was replaced by another one of that name"
    for model in config.models:
        created_at = ask(sagemaker, "describe_model", _created_at, ModelName=model)
        if isinstance(created_at, Failure):
            return f"its model {model} is gone" if is_missing(created_at, "model") else created_at
        if created_at > described.modified_at:
            return f"its model {model} was replaced by another one of that name"
    return ""


def _created_at(answer: Answer) -> datetime:
    created_at: datetime = answer["CreationTime"].astimezone(UTC)
    return created_at


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
    """DescribeEndpointConfig: (variant, instance type) pairs, and every model it names."""

    created_at: datetime
    types: tuple[tuple[str, str], ...]
    models: tuple[str, ...]


def describe_config(sagemaker: Any, name: str) -> Config | Failure:
    """An endpoint config."""
    return ask(sagemaker, "describe_endpoint_config", _config, EndpointConfigName=name)


def _config(answer: Answer) -> Config:
    rows = [*answer["ProductionVariants"], *answer.get("ShadowProductionVariants", [])]
    pools = [pool for row in rows for pool in row.get("InstancePools", [])]
    # A variant that hosts inference components names no model, a serverless one no type.
    models = {str(row["ModelName"]) for row in rows if "ModelName" in row}
    models |= {str(pool["ModelNameOverride"]) for pool in pools if "ModelNameOverride" in pool}
    types = {
        str(row["VariantName"]): str(row["InstanceType"]) for row in rows if "InstanceType" in row
    }
    return Config(_created_at(answer), tuple(sorted(types.items())), tuple(sorted(models)))


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
