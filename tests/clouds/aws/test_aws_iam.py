"""The policies of the two roles."""

from __future__ import annotations

import json
from typing import Any

from hygiene.clouds.aws.iam import Role, policy
from hygiene.clouds.aws.operations import READS, WRITES


def actions(role: Role) -> dict[str, dict[str, Any]]:
    """Each action's statement."""
    statements = json.loads(policy(role))["Statement"]
    return {action: one for one in statements for action in one["Action"]}


def needed(operations: Any) -> set[str]:
    return {need.action for operation in operations for need in operation.needs}


def test_a_reader_may_read_what_is_declared_and_nothing_else() -> None:
    assert set(actions("reader")) == needed(READS)
    verbs = {action.split(":")[1] for action in actions("reader")}
    assert all(verb.startswith(("List", "Describe", "Get")) for verb in verbs)


def test_a_writer_may_read_and_write_what_is_declared() -> None:
    assert set(actions("writer")) == needed(READS + WRITES)


def test_nobody_passes_roles_or_has_wildcards() -> None:
    for action, statement in actions("writer").items():
        assert action != "iam:PassRole"
        assert "*" not in action
        assert statement["Effect"] == "Allow"


def test_writes_are_bound_to_resources() -> None:
    written = needed(WRITES) - {"cloudwatch:DescribeAlarms"}
    for action in written:
        assert "*" not in actions("writer")[action]["Resource"], action


def test_what_is_tagged_keep_is_not_deleted_even_by_mistake() -> None:
    statement = actions("writer")["sagemaker:DeleteEndpoint"]
    assert statement["Condition"] == {"Null": {"aws:ResourceTag/keep": "true"}}


def test_tags_are_given_to_new_endpoints_only() -> None:
    statement = actions("writer")["sagemaker:AddTags"]
    assert statement["Condition"] == {"StringEquals": {"sagemaker:TaggingAction": "CreateEndpoint"}}


def test_a_policy_is_always_the_same_text_and_fits() -> None:
    for role in ("reader", "writer"):
        text = policy(role)
        assert text == policy(role)
        assert len("".join(text.split())) < 6144, "the limit of a managed policy"
