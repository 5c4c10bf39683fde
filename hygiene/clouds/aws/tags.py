"""Tags of SageMaker resources: a failed read is a failure, never "no tags"."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hygiene.clouds.aws.call import Answer, Failure, ask_all
from hygiene.clouds.aws.session import CONNECTIONS
from hygiene.model.resource import Labels

ARNS_PER_CALL = 100


def in_bulk(tagging: Any, sagemaker: Any, arns: Sequence[str]) -> dict[str, Labels | Failure]:
    """The tags of each of these resources, a hundred a request where that works.

    The tagging API lists only resources that have or once had tags, and it may fail: whatever it
    gives no tags for is asked of SageMaker itself.
    """
    known: dict[str, Labels] = {}
    for first in range(0, len(arns), ARNS_PER_CALL):
        known |= _bulk(tagging, list(arns[first : first + ARNS_PER_CALL]))
    # The case of an ARN's last part differs between SageMaker's own answers.
    found: dict[str, Labels | Failure] = {
        arn: known[arn.lower()] for arn in arns if known.get(arn.lower())
    }
    silent = [arn for arn in arns if arn not in found]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        asked = pool.map(lambda arn: of_one(sagemaker, arn), silent)
        return found | dict(zip(silent, asked, strict=True))


def _bulk(tagging: Any, arns: list[str]) -> dict[str, Labels]:
    listed = ask_all(
        tagging, "get_resources", "ResourceTagMappingList", _tagged, ResourceARNList=arns
    )
    return {arn.lower(): labels for arn, labels in listed.items}


def _tagged(row: Answer) -> tuple[str, Labels]:
    return str(row["ResourceARN"]), tuple(sorted(_pair(tag) for tag in row["Tags"]))


def of_one(sagemaker: Any, arn: str) -> Labels | Failure:
    """The tags of one resource, from SageMaker itself, sorted by key."""
    listed = ask_all(sagemaker, "list_tags", "Tags", _pair, ResourceArn=arn)
    return listed.failure or tuple(sorted(listed.items))


def _pair(tag: Answer) -> tuple[str, str]:
    return str(tag["Key"]), str(tag["Value"])
