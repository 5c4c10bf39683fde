"""The IAM policies of the bot's two roles, from the same declarations as the allow-lists."""

from __future__ import annotations

import json
from typing import Any, Literal

from hygiene.clouds.aws.operations import READS, WRITES, Permission

Role = Literal["reader", "writer"]


def policy(role: Role) -> str:
    """The identity policy of a role as JSON text, the same text every time.

    The writer's holds the reader's permissions too, since it looks before and after it writes.
    No role may pass a role (iam:PassRole): CreateEndpoint takes none, the config's models have one.
    """
    operations = READS if role == "reader" else READS + WRITES
    needed = sorted({need for one in operations for need in one.needs}, key=_grant)
    grants = sorted({_grant(need) for need in needed})
    statements = [
        _statement(f"{role.title()}{number}", [one for one in needed if _grant(one) == grant])
        for number, grant in enumerate(grants, start=1)
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2) + "\n"


def _grant(need: Permission) -> str:
    """What one statement has in common: resources and conditions, in a form that sorts."""
    return repr((need.resources, need.conditions))


def _statement(sid: str, needs: list[Permission]) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": sorted(need.action for need in needs),
        "Resource": sorted(needs[0].resources),
    }
    conditions: dict[str, dict[str, str]] = {}
    for condition in needs[0].conditions:
        conditions.setdefault(condition.operator, {})[condition.key] = condition.value
    return {**statement, "Condition": conditions} if conditions else statement
