"""Every operation that the local cloud answers itself, by service and name."""

from __future__ import annotations

from collections.abc import Callable

from hygiene.localcloud import autoscaling, cloudwatch, endpoints, sagemaker, sts, tagging
from hygiene.localcloud.state import Ask, Doc

Handler = Callable[[Ask], Doc]

_BY_SERVICE: dict[str, tuple[Handler, ...]] = {
    "cloudwatch": (
        cloudwatch.get_metric_data,
        cloudwatch.get_metric_statistics,
        cloudwatch.list_metrics,
        cloudwatch.put_metric_data,
    ),
    "sagemaker": (
        endpoints.create_endpoint,
        endpoints.describe_endpoint,
        endpoints.list_endpoints,
        endpoints.update_endpoint,
        endpoints.delete_endpoint,
        sagemaker.create_model,
        sagemaker.describe_model,
        sagemaker.delete_model,
        sagemaker.create_endpoint_config,
        sagemaker.describe_endpoint_config,
        sagemaker.list_endpoint_configs,
        sagemaker.delete_endpoint_config,
        sagemaker.create_inference_component,
        sagemaker.describe_inference_component,
        sagemaker.list_inference_components,
        sagemaker.delete_inference_component,
        sagemaker.add_tags,
        sagemaker.delete_tags,
        sagemaker.list_tags,
    ),
    "application-autoscaling": (
        autoscaling.register_scalable_target,
        autoscaling.deregister_scalable_target,
        autoscaling.describe_scalable_targets,
        autoscaling.put_scaling_policy,
        autoscaling.describe_scaling_policies,
        autoscaling.delete_scaling_policy,
        autoscaling.put_scheduled_action,
        autoscaling.describe_scheduled_actions,
        autoscaling.delete_scheduled_action,
    ),
    "resourcegroupstaggingapi": (tagging.get_resources,),
    "sts": (sts.get_caller_identity, sts.assume_role),
}

OPERATIONS: dict[tuple[str, str], Handler] = {
    (service, "".join(word.capitalize() for word in handler.__name__.split("_"))): handler
    for service, handlers in _BY_SERVICE.items()
    for handler in handlers
}
"""A handler is named after its operation."""

_READS = ("Get", "List", "Describe", "Search", "Head", "BatchGet", "BatchDescribe", "AssumeRole")
_READ_METHODS = ("GET ", "HEAD ")


def is_mutating(operation: str) -> bool:
    """Whether an operation changes something; entering a role does not.

    Where the headers name no operation, the HTTP method and path stand for one.
    """
    return not operation.startswith((*_READS, *_READ_METHODS))
