"""Resource Groups Tagging: only what has or once had tags, one hundred a page."""

from __future__ import annotations

from hygiene.localcloud import paging
from hygiene.localcloud.state import Ask, AwsError, Doc

RESOURCES_PER_PAGE = 100
_INVALID = "InvalidParameterException"
_FILTERS = ("TagFilters", "ResourceTypeFilters", "ResourcesPerPage", "PaginationToken")


def get_resources(ask: Ask) -> Doc:
    """Tags by ARN. A resource that never had one is missing here."""
    arns = ask.params.get("ResourceARNList", [])
    if arns and any(ask.params.get(key) for key in _FILTERS):
        raise AwsError(_INVALID, "ResourceARNList cannot be used with filters or pages.")
    if len(arns) > RESOURCES_PER_PAGE:
        raise AwsError(_INVALID, f"ResourceARNList takes at most {RESOURCES_PER_PAGE} ARNs.")
    size = int(ask.params.get("ResourcesPerPage", RESOURCES_PER_PAGE))
    if not 1 <= size <= RESOURCES_PER_PAGE:
        raise AwsError(_INVALID, f"ResourcesPerPage must be 1 to {RESOURCES_PER_PAGE}.")
    rows = [
        {
            "ResourceARN": arn,
            "Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())],
        }
        for arn, tags in sorted(ask.here.tags.items())
        if (not arns or arn in arns) and _of_type(arn, ask.params) and _tagged(tags, ask.params)
    ]
    token = ask.params.get("PaginationToken")
    shown, following = paging.page(rows, token, size, "PaginationTokenExpiredException")
    # The real service ends its pages with an empty token, not with none.
    return {"ResourceTagMappingList": shown, "PaginationToken": following or ""}


def _of_type(arn: str, params: Doc) -> bool:
    wanted = params.get("ResourceTypeFilters", [])
    service, resource = arn.split(":")[2], arn.split(":")[5].split("/", maxsplit=1)[0]
    return not wanted or service in wanted or f"{service}:{resource}" in wanted


def _tagged(tags: dict[str, str], params: Doc) -> bool:
    return all(
        one["Key"] in tags and (not one.get("Values") or tags[one["Key"]] in one["Values"])
        for one in params.get("TagFilters", [])
    )
