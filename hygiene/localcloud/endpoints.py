"""SageMaker endpoints, told as the real service tells them."""

from __future__ import annotations

from datetime import datetime

from hygiene.localcloud import paging, series
from hygiene.localcloud.metrics import minute
from hygiene.localcloud.state import (
    SETTLES_AFTER,
    Ask,
    AwsError,
    Doc,
    EndpointRecord,
    RegionState,
)

IN_PROGRESS = ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")


def create_endpoint(ask: Ask) -> Doc:
    """Creating at first, InService after the looks in progress."""
    name = ask.params["EndpointName"]
    if name.lower() in ask.here.endpoints:
        raise AwsError(
            "ValidationException",
            f'Cannot create already existing endpoint "{ask.here.arn("endpoint", name)}".',
        )
    config = found_config(ask)
    record = put(ask.here, name, config, ask.now)
    record.status = "Creating"
    record.looks_left = ask.aws.looks_in_progress
    if "Tags" in ask.params:
        tags = {one["Key"]: one["Value"] for one in ask.params["Tags"]}
        ask.here.tags.setdefault(record.arn, {}).update(tags)
    series.start(ask.here, record, minute(ask.now))
    _settle(ask, record)
    return {"EndpointArn": record.arn}


def put(here: RegionState, name: str, config: Doc, created_at: datetime) -> EndpointRecord:
    """Stores an endpoint in service, made from a config."""
    record = EndpointRecord(
        name=name,
        arn=here.arn("endpoint", name),
        config_name=config["EndpointConfigName"],
        config=config,
        status="InService",
        created_at=created_at,
        modified_at=created_at,
        variants=[_variant(one) for one in config["ProductionVariants"]],
        shadows=[_variant(one) for one in config.get("ShadowProductionVariants", [])],
    )
    here.endpoints[name.lower()] = record
    return record


def found_config(ask: Ask) -> Doc:
    """The endpoint config that is asked about. Raises what the service raises where none is."""
    name = ask.params["EndpointConfigName"]
    if name not in ask.here.configs:
        raise ask.here.missing("endpoint-config", name)
    return ask.here.configs[name]


def _variant(config: Doc) -> Doc:
    """A variant of a running endpoint. Its instance type is told by the config only."""
    weight = config.get("InitialVariantWeight", 1.0)
    shown: Doc = {
        "VariantName": config["VariantName"],
        "DeployedImages": [],
        "CurrentWeight": weight,
        "DesiredWeight": weight,
    }
    if "ServerlessConfig" in config:
        serverless = config["ServerlessConfig"]
        return {
            **shown,
            "CurrentServerlessConfig": serverless,
            "DesiredServerlessConfig": serverless,
        }
    count = config.get("InitialInstanceCount", 1)
    copied: Doc = {
        key: config[key] for key in ("ManagedInstanceScaling", "RoutingConfig") if key in config
    }
    return {**shown, "CurrentInstanceCount": count, "DesiredInstanceCount": count, **copied}


def found(ask: Ask) -> EndpointRecord:
    """The endpoint that is asked about. Raises what the service raises where there is none."""
    name = ask.params["EndpointName"]
    record = ask.here.endpoints.get(name.lower())
    if record is not None:
        _settle(ask, record)
    if record is None or name.lower() not in ask.here.endpoints:
        raise ask.here.missing("endpoint", name)
    return record


def describe_endpoint(ask: Ask) -> Doc:
    """One endpoint. A look of this kind is what an endpoint in progress waits for."""
    record = found(ask)
    shown = _described(record)
    _look(ask, record)
    return shown


def _described(record: EndpointRecord) -> Doc:
    shown: Doc = {
        **_summary(record),
        "EndpointConfigName": record.config_name,
        "ProductionVariants": record.variants,
    }
    if record.status == "Failed":
        shown["FailureReason"] = "The primary container did not pass the ping health check."
    if record.shadows:
        shown["ShadowProductionVariants"] = record.shadows
    if "AsyncInferenceConfig" in record.config:
        shown["AsyncInferenceConfig"] = record.config["AsyncInferenceConfig"]
    capture = record.config.get("DataCaptureConfig")
    if capture:
        enabled = capture.get("EnableCapture", False)
        shown["DataCaptureConfig"] = {
            "EnableCapture": enabled,
            "CaptureStatus": "Started" if enabled else "Stopped",
            "CurrentSamplingPercentage": capture["InitialSamplingPercentage"],
            "DestinationS3Uri": capture["DestinationS3Uri"],
            "KmsKeyId": capture.get("KmsKeyId", ""),
        }
    return shown


def _summary(record: EndpointRecord) -> Doc:
    return {
        "EndpointName": record.name,
        "EndpointArn": record.arn,
        "CreationTime": record.created_at,
        "LastModifiedTime": record.modified_at,
        "EndpointStatus": record.status,
    }


def list_endpoints(ask: Ask) -> Doc:
    """Ten a page unless more are asked for, one hundred at the most; the newest first."""
    size = paging.limit(ask.params, "MaxResults", 10, 100)
    for record in list(ask.here.endpoints.values()):
        _settle(ask, record)
    by = {"Name": "EndpointName", "Status": "EndpointStatus"}.get(
        ask.params.get("SortBy", "CreationTime"), "CreationTime"
    )
    rows = sorted(
        (_summary(one) for one in ask.here.endpoints.values() if _wanted(one, ask.params)),
        key=lambda row: (row[by], row["EndpointName"]),
        reverse=ask.params.get("SortOrder", "Descending") == "Descending",
    )
    shown, token = paging.page(rows, ask.params.get("NextToken"), size)
    return {"Endpoints": shown, **({"NextToken": token} if token else {})}


def _wanted(record: EndpointRecord, params: Doc) -> bool:
    return (
        params.get("NameContains", "").lower() in record.name.lower()
        and params.get("StatusEquals", record.status) == record.status
        and params.get("CreationTimeAfter", record.created_at) <= record.created_at
        and params.get("CreationTimeBefore", record.created_at) >= record.created_at
        and params.get("LastModifiedTimeAfter", record.modified_at) <= record.modified_at
        and params.get("LastModifiedTimeBefore", record.modified_at) >= record.modified_at
    )


def update_endpoint(ask: Ask) -> Doc:
    """Moves an endpoint to another config."""
    record = found(ask)
    _refuse_in_progress(record)
    config = found_config(ask)
    series.stop(ask.here, record, minute(ask.now))
    fresh = put(ask.here, record.name, config, record.created_at)
    fresh.modified_at = ask.now
    fresh.status = "Updating"
    fresh.looks_left = ask.aws.looks_in_progress
    series.start(ask.here, fresh, minute(ask.now))
    _settle(ask, fresh)
    return {"EndpointArn": fresh.arn}


def delete_endpoint(ask: Ask) -> Doc:
    """Refused in progress and under inference components; its scalable targets go with it."""
    record = found(ask)
    _refuse_in_progress(record)
    if any(
        one["EndpointName"].lower() == record.name.lower() for one in ask.here.components.values()
    ):
        raise AwsError(
            "ValidationException",
            f'Cannot delete endpoint "{record.arn}": it has inference components deployed. '
            "Delete them first.",
        )
    record.status = "Deleting"
    record.modified_at = ask.now
    record.looks_left = ask.aws.looks_in_progress
    series.stop(ask.here, record, minute(ask.now))
    ask.here.drop_scaling(f"endpoint/{record.name}/")
    _settle(ask, record)
    return {}


def _refuse_in_progress(record: EndpointRecord) -> None:
    if record.status in IN_PROGRESS:
        raise AwsError("ValidationException", f'Cannot update in-progress endpoint "{record.arn}".')


def _look(ask: Ask, record: EndpointRecord) -> None:
    if record.looks_left:
        record.looks_left -= 1
    _settle(ask, record)


def _settle(ask: Ask, record: EndpointRecord) -> None:
    """Ends what is in progress after the looks it had to be seen in, or after a while.

    What the estate put in progress (`looks_left` None) stays so.
    """
    if record.looks_left is None:
        return
    if record.looks_left > 0 and ask.now - record.modified_at < SETTLES_AFTER:
        return
    record.looks_left = None
    if record.status == "Deleting":
        del ask.here.endpoints[record.name.lower()]
        ask.here.tags.pop(record.arn, None)
    else:
        record.status = "InService"
