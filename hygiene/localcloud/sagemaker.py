"""SageMaker models, endpoint configs, inference components and tags."""

from __future__ import annotations

from hygiene.localcloud import paging, series
from hygiene.localcloud.endpoints import found as found_endpoint
from hygiene.localcloud.endpoints import found_config
from hygiene.localcloud.metrics import Counted, Stretch, minute
from hygiene.localcloud.state import Ask, AwsError, Doc

_CONFIG_KEYS = (
    "EndpointConfigName",
    "ProductionVariants",
    "ShadowProductionVariants",
    "DataCaptureConfig",
    "AsyncInferenceConfig",
    "ExplainerConfig",
    "KmsKeyId",
    "ExecutionRoleArn",
    "VpcConfig",
    "EnableNetworkIsolation",
)


def create_model(ask: Ask) -> Doc:
    """A model; nothing runs from it by itself."""
    name = ask.params["ModelName"]
    arn = ask.here.arn("model", name)
    if name in ask.here.models:
        raise AwsError("ValidationException", f'Cannot create already existing model "{arn}".')
    kept = {key: value for key, value in ask.params.items() if key != "Tags"}
    ask.here.models[name] = {**kept, "ModelArn": arn, "CreationTime": ask.now}
    _tag(ask, arn, ask.params.get("Tags", []))
    return {"ModelArn": arn}


def describe_model(ask: Ask) -> Doc:
    """One model, as it was given."""
    name = ask.params["ModelName"]
    if name not in ask.here.models:
        raise ask.here.missing("model", name)
    return ask.here.models[name]


def delete_model(ask: Ask) -> Doc:
    """Possible while endpoint configs still name it, as in the real service."""
    describe_model(ask)
    del ask.here.models[ask.params["ModelName"]]
    return {}


def create_endpoint_config(ask: Ask) -> Doc:
    """Takes every instance type; the models must exist, as the real service wants it."""
    name = ask.params["EndpointConfigName"]
    arn = ask.here.arn("endpoint-config", name)
    if name in ask.here.configs:
        raise AwsError(
            "ValidationException", f'Cannot create already existing endpoint configuration "{arn}".'
        )
    for variant in ask.params["ProductionVariants"]:
        model = variant.get("ModelName")
        if model and model not in ask.here.models:
            raise ask.here.missing("model", model)
    kept = {key: ask.params[key] for key in _CONFIG_KEYS if key in ask.params}
    ask.here.configs[name] = {**kept, "EndpointConfigArn": arn, "CreationTime": ask.now}
    _tag(ask, arn, ask.params.get("Tags", []))
    return {"EndpointConfigArn": arn}


def describe_endpoint_config(ask: Ask) -> Doc:
    """One config, as it was given. Only here is the instance type told."""
    return found_config(ask)


def list_endpoint_configs(ask: Ask) -> Doc:
    """The newest first, in pages like those of endpoints."""
    size = paging.limit(ask.params, "MaxResults", 10, 100)
    keys = ("EndpointConfigName", "EndpointConfigArn", "CreationTime")
    rows = [{key: one[key] for key in keys} for one in ask.here.configs.values()]
    rows.sort(key=lambda row: row["CreationTime"], reverse=True)
    shown, token = paging.page(rows, ask.params.get("NextToken"), size)
    return {"EndpointConfigs": shown, **({"NextToken": token} if token else {})}


def delete_endpoint_config(ask: Ask) -> Doc:
    """Possible while an endpoint still runs from it: then nobody can make that endpoint again."""
    describe_endpoint_config(ask)
    del ask.here.configs[ask.params["EndpointConfigName"]]
    return {}


def create_inference_component(ask: Ask) -> Doc:
    """In service at once, on an endpoint that exists."""
    name = ask.params["InferenceComponentName"]
    arn = ask.here.arn("inference-component", name)
    endpoint = found_endpoint(ask)
    copies = ask.params.get("RuntimeConfig", {}).get("CopyCount", 1)
    if name in ask.here.components:
        raise AwsError(
            "ValidationException", f'Cannot create already existing inference component "{arn}".'
        )
    ask.here.components[name] = {
        "InferenceComponentName": name,
        "InferenceComponentArn": arn,
        "EndpointName": endpoint.name,
        "EndpointArn": endpoint.arn,
        "VariantName": ask.params.get("VariantName", endpoint.variants[0]["VariantName"]),
        "Specification": ask.params.get("Specification", {}),
        "RuntimeConfig": {"DesiredCopyCount": copies, "CurrentCopyCount": copies},
        "CreationTime": ask.now,
        "LastModifiedTime": ask.now,
        "InferenceComponentStatus": "InService",
    }
    _tag(ask, arn, ask.params.get("Tags", []))
    series.of_component(ask.here, name).stretches.append(Stretch(Counted(0), minute(ask.now)))
    return {"InferenceComponentArn": arn}


def describe_inference_component(ask: Ask) -> Doc:
    """One component with its copies."""
    name = ask.params["InferenceComponentName"]
    if name not in ask.here.components:
        raise ask.here.missing("inference-component", name)
    return ask.here.components[name]


def delete_inference_component(ask: Ask) -> Doc:
    """Gone at once, its scalable target with it."""
    describe_inference_component(ask)
    name = ask.params["InferenceComponentName"]
    del ask.here.components[name]
    series.of_component(ask.here, name).end(minute(ask.now))
    ask.here.drop_scaling(f"inference-component/{name}")
    return {}


def list_inference_components(ask: Ask) -> Doc:
    """Of all endpoints or of one, in pages like those of endpoints."""
    size = paging.limit(ask.params, "MaxResults", 10, 100)
    keys = (
        "CreationTime",
        "InferenceComponentArn",
        "InferenceComponentName",
        "EndpointArn",
        "EndpointName",
        "VariantName",
        "InferenceComponentStatus",
        "LastModifiedTime",
    )
    filters = {
        "EndpointName": ask.params.get("EndpointNameEquals"),
        "VariantName": ask.params.get("VariantNameEquals"),
        "InferenceComponentStatus": ask.params.get("StatusEquals"),
    }
    rows = [
        {key: one[key] for key in keys}
        for one in ask.here.components.values()
        if all(value in (None, one[key]) for key, value in filters.items())
        and ask.params.get("NameContains", "") in one["InferenceComponentName"]
    ]
    rows.sort(key=lambda row: (row["CreationTime"], row["InferenceComponentName"]), reverse=True)
    shown, token = paging.page(rows, ask.params.get("NextToken"), size)
    return {"InferenceComponents": shown, **({"NextToken": token} if token else {})}


def add_tags(ask: Ask) -> Doc:
    """Sets tags by ARN; whether the resource exists is not asked."""
    _tag(ask, ask.params["ResourceArn"], ask.params["Tags"])
    return {"Tags": _pairs(ask.here.tags[ask.params["ResourceArn"]])}


def delete_tags(ask: Ask) -> Doc:
    """Takes tags away; keys that are not there are passed over."""
    tags = ask.here.tags.get(ask.params["ResourceArn"], {})
    for key in ask.params["TagKeys"]:
        tags.pop(key, None)
    return {}


def list_tags(ask: Ask) -> Doc:
    """The tags of one resource, fifty a page."""
    size = int(ask.params.get("MaxResults", 50))
    pairs = _pairs(ask.here.tags.get(ask.params["ResourceArn"], {}))
    shown, token = paging.page(pairs, ask.params.get("NextToken"), size)
    return {"Tags": shown, **({"NextToken": token} if token else {})}


def _tag(ask: Ask, arn: str, tags: list[Doc]) -> None:
    if tags:
        ask.here.tags.setdefault(arn, {}).update({one["Key"]: one["Value"] for one in tags})


def _pairs(tags: dict[str, str]) -> list[Doc]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
