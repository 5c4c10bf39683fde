"""The arguments of a call, which arrive as JSON or as strings of a form."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from hygiene.localcloud.slack.answers import SlackError

T = TypeVar("T")

Args = Mapping[str, Any]


def truth(value: object) -> bool:
    """A boolean argument."""
    return value is True or str(value).lower() in ("1", "true")


def as_json(value: object) -> object:
    """An argument that is JSON already, or a string of it. Raises SlackError for anything else."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except json.JSONDecodeError as error:
        raise SlackError("invalid_arguments") from error


def page(args: Args, found: Sequence[T]) -> tuple[Sequence[T], str]:
    """The part that `limit` and `cursor` ask for, and the cursor of the next part or ''."""
    limit = str(args.get("limit") or 100)
    if not limit.isdecimal() or not 1 <= int(limit) <= 999:
        raise SlackError("invalid_limit")
    cursor = str(args.get("cursor") or "0")
    if not cursor.isdecimal():
        raise SlackError("invalid_cursor")
    end = int(cursor) + int(limit)
    return found[int(cursor) : end], str(end) if end < len(found) else ""
