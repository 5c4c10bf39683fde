"""Puts a declared estate into the local cloud."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hygiene.localcloud import autoscaling, endpoints, series
from hygiene.localcloud.metrics import Counted, Stretch, minute
from hygiene.localcloud.spec import EndpointSpec, EstateSpec, TrafficSpec, VariantSpec
from hygiene.localcloud.state import Ask, Aws, Caller, Doc, EndpointRecord, RegionState


def seed(aws: Aws, spec: EstateSpec) -> None:
    """Adds every endpoint of the estate, with its past."""
    with aws.lock:
        aws.home_account = spec.home
        for one in spec.endpoints:
            for name in one.names():
                _endpoint(aws, one, name)


def _endpoint(aws: Aws, spec: EndpointSpec, name: str) -> None:
    here = aws.region(spec.account, spec.region)
    now = aws.clock.now()
    born = now - timedelta(days=spec.age_days)
    config = _config(here, spec, name, born)
    record = endpoints.put(here, name, config, born)
    record.status = spec.status
    if spec.tags:
        here.tags[record.arn] = dict(spec.tags)
    _components(here, spec, record, born, now)
    _publish(here, spec, record, born, now)
    if spec.scaling:
        _scale(aws, here, spec, record)
    if spec.config_deleted:
        del here.configs[record.config_name]


def _config(here: RegionState, spec: EndpointSpec, name: str, born: datetime) -> Doc:
    model = f"{name}-model"
    here.models[model] = {
        "ModelName": model,
        "ModelArn": here.arn("model", model),
        "CreationTime": born,
        "ExecutionRoleArn": f"arn:aws:iam::{here.account}:role/sagemaker-execution",
        "PrimaryContainer": {"Image": "model-server:1", "Mode": "SingleModel"},
    }
    config: Doc = {
        "EndpointConfigName": f"{name}-config",
        "EndpointConfigArn": here.arn("endpoint-config", f"{name}-config"),
        "CreationTime": born,
        "ProductionVariants": [
            _variant(one, spec, model) for one in spec.variants if not one.shadow
        ],
    }
    shadows = [_variant(one, spec, model) for one in spec.variants if one.shadow]
    if shadows:
        config["ShadowProductionVariants"] = shadows
    if spec.hosting == "async":
        output = {"S3OutputPath": f"s3://{here.account}-inference/{name}/"}
        config["AsyncInferenceConfig"] = {"OutputConfig": output}
    if spec.hosting == "components":
        config["ExecutionRoleArn"] = f"arn:aws:iam::{here.account}:role/sagemaker-execution"
    if spec.data_capture:
        config["DataCaptureConfig"] = {
            "EnableCapture": True,
            "InitialSamplingPercentage": 20,
            "DestinationS3Uri": f"s3://{here.account}-capture/{name}/",
            "CaptureOptions": [{"CaptureMode": "Input"}],
        }
    here.configs[config["EndpointConfigName"]] = config
    return config


def _variant(one: VariantSpec, spec: EndpointSpec, model: str) -> Doc:
    shown: Doc = {"VariantName": one.name, "InitialVariantWeight": 1.0}
    if spec.hosting != "components":
        shown["ModelName"] = model
    if one.serverless or spec.hosting == "serverless":
        serverless = {"MemorySizeInMB": 2048, "MaxConcurrency": 20}
        if one.concurrency:
            serverless["ProvisionedConcurrency"] = one.concurrency
        return {**shown, "ServerlessConfig": serverless}
    return {**shown, "InstanceType": one.instance_type, "InitialInstanceCount": one.count}


def _components(
    here: RegionState, spec: EndpointSpec, record: EndpointRecord, born: datetime, now: datetime
) -> None:
    for one in spec.components:
        name = f"{record.name}-{one.name}"
        here.components[name] = {
            "InferenceComponentName": name,
            "InferenceComponentArn": here.arn("inference-component", name),
            "EndpointName": record.name,
            "EndpointArn": record.arn,
            "VariantName": one.variant,
            "Specification": {
                "ModelName": f"{record.name}-model",
                "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024},
            },
            "RuntimeConfig": {"DesiredCopyCount": one.copies, "CurrentCopyCount": one.copies},
            "CreationTime": born,
            "LastModifiedTime": born,
            "InferenceComponentStatus": "InService",
        }
        stretches = _stretches(one.traffic or spec.traffic, born, now)
        series.of_component(here, name).stretches.extend(stretches)


def _publish(
    here: RegionState, spec: EndpointSpec, record: EndpointRecord, born: datetime, now: datetime
) -> None:
    variants = (
        *record.config["ProductionVariants"],
        *record.config.get("ShadowProductionVariants", []),
    )
    by_name = {one.name: one for one in spec.variants}
    for variant in variants:
        declared = by_name[variant["VariantName"]]
        stretches = list(_stretches(declared.traffic or spec.traffic, born, now))
        series.publish_variant(here, record, variant, stretches)
        for container, traffic in declared.containers.items():
            own = series.of_container(here, record, declared.name, container)
            own.stretches.extend(_stretches(traffic, born, now))
    if spec.hosting == "async":
        waiting = _stretches(spec.backlog or TrafficSpec(), born, now)
        series.of_backlog(here, record).stretches.extend(waiting)


def _stretches(traffic: TrafficSpec, born: datetime, now: datetime) -> Iterator[Stretch]:
    """Zeros or calls from the beginning of the data on; a burst comes on top of zeros."""
    if traffic.no_data:
        return
    since = born
    if traffic.since_days is not None:
        since = max(born, now - timedelta(days=traffic.since_days))
    until = None
    if traffic.until_days is not None:
        until = minute(now - timedelta(days=traffic.until_days))
    if traffic.last_hours is None:
        yield Stretch(Counted(traffic.busy), minute(since), until)
        return
    turn = minute(now - timedelta(hours=traffic.last_hours))
    yield Stretch(Counted(0), minute(since), turn)
    yield Stretch(Counted(traffic.busy), turn, until)


def _scale(aws: Aws, here: RegionState, spec: EndpointSpec, record: EndpointRecord) -> None:
    """Registered as a person would have done it, so that it looks the same."""
    if spec.scaling is None:
        return
    resource: Doc = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{record.name}/variant/{record.variants[0]['VariantName']}",
        "ScalableDimension": autoscaling.VARIANT_DIMENSION,
    }
    bounds = {"MinCapacity": spec.scaling.min, "MaxCapacity": spec.scaling.max}
    policy = {
        "PolicyName": f"{record.name}-invocations",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": spec.scaling.target,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
            },
            "ScaleInCooldown": 300,
            "ScaleOutCooldown": 60,
        },
    }
    owner = Caller(here.account, None, f"arn:aws:iam::{here.account}:user/{here.account}")
    ask = Ask(aws, owner, here.region, {**resource, **bounds})
    autoscaling.register_scalable_target(ask)
    autoscaling.put_scaling_policy(Ask(aws, owner, here.region, {**resource, **policy}))
