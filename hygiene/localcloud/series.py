"""Which metrics a hosting publishes, and under which dimensions: the heart of the traps.

A variant publishes under endpoint and variant, never under the endpoint alone; an inference
component under its own name only; an asynchronous variant no `Invocations` at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from hygiene.localcloud.metrics import Counted, Dimensions, Level, Series, Stretch
from hygiene.localcloud.state import Doc, EndpointRecord, RegionState

SERVICE = "AWS/SageMaker"
INSTANCES = "/aws/sagemaker/Endpoints"
_IDLE_PERCENT = 0.4
_BUSY_PERCENT = 35.0


def count_metric(record: EndpointRecord) -> str:
    """The metric that counts what an endpoint was asked."""
    return "InvocationsProcessed" if "AsyncInferenceConfig" in record.config else "Invocations"


def of_variant(here: RegionState, record: EndpointRecord, variant: str) -> Series:
    """The series that counts the requests of a variant."""
    return here.metrics.open(SERVICE, count_metric(record), _dimensions(record, variant), "Count")


def of_component(here: RegionState, component: str) -> Series:
    """The series that counts the requests of an inference component."""
    return here.metrics.open(
        SERVICE, "Invocations", (("InferenceComponentName", component),), "Count"
    )


def of_container(here: RegionState, record: EndpointRecord, variant: str, container: str) -> Series:
    """The series of a container that is called directly."""
    dimensions = (*_dimensions(record, variant), ("ContainerName", container))
    return here.metrics.open(SERVICE, "Invocations", dimensions, "Count")


def of_backlog(here: RegionState, record: EndpointRecord) -> Series:
    """The series of an asynchronous endpoint's waiting requests: the endpoint's alone."""
    return here.metrics.open(
        SERVICE, "ApproximateBacklogSize", (("EndpointName", record.name),), "Count"
    )


def _dimensions(record: EndpointRecord, variant: str) -> Dimensions:
    return (("EndpointName", record.name), ("VariantName", variant))


def publish_variant(
    here: RegionState, record: EndpointRecord, variant: Doc, stretches: Sequence[Stretch]
) -> None:
    """Requests, errors and instance metrics of a variant, over the same stretches of time."""
    name = variant["VariantName"]
    dimensions = _dimensions(record, name)
    if "ModelName" in variant:
        of_variant(here, record, name).stretches.extend(stretches)
        if count_metric(record) == "InvocationsProcessed":
            errors: tuple[str, ...] = ("InvocationFailures",)
        else:
            errors = ("Invocation4XXErrors", "Invocation5XXErrors")
        for error in errors:
            series = here.metrics.open(SERVICE, error, dimensions, "Count")
            series.stretches.extend(_as(Counted(0), one) for one in stretches)
    if "InstanceType" in variant:
        _publish_instances(here, variant["InstanceType"], dimensions, stretches)


def _publish_instances(
    here: RegionState, instance_type: str, dimensions: Dimensions, stretches: Sequence[Stretch]
) -> None:
    accelerated = instance_type.startswith(("ml.g", "ml.p"))
    for metric in ("CPUUtilization", "MemoryUtilization", *(["GPUUtilization"] * accelerated)):
        series = here.metrics.open(INSTANCES, metric, dimensions, "Percent")
        series.stretches.extend(_as(_level(one), one) for one in stretches)


def _level(stretch: Stretch) -> Level:
    idle = isinstance(stretch.rule, Counted) and stretch.rule.per_hour == 0
    return Level(_IDLE_PERCENT if idle else _BUSY_PERCENT)


def _as(rule: Counted | Level, stretch: Stretch) -> Stretch:
    return Stretch(rule, stretch.since, stretch.until)


def start(here: RegionState, record: EndpointRecord, at: int) -> None:
    """A live endpoint publishes zeros from its first minute on."""
    variants = (
        *record.config["ProductionVariants"],
        *record.config.get("ShadowProductionVariants", []),
    )
    for variant in variants:
        publish_variant(here, record, variant, [Stretch(Counted(0), at)])
    if "AsyncInferenceConfig" in record.config:
        of_backlog(here, record).stretches.append(Stretch(Counted(0), at))


def stop(here: RegionState, record: EndpointRecord, at: int) -> None:
    """Nothing of an endpoint is published any more."""
    for series in here.metrics.about(("EndpointName", record.name)):
        series.end(at)
