"""Pages with opaque tokens."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from hygiene.localcloud.state import AwsError, Doc

Item = TypeVar("Item")


def limit(params: Doc, key: str, default: int, most: int) -> int:
    """The page size that was asked for. Raises what the service raises beyond its maximum."""
    asked = int(params.get(key, default))
    if not 1 <= asked <= most:
        bound = f"less than or equal to {most}" if asked > most else "greater than or equal to 1"
        name = key[0].lower() + key[1:]
        raise AwsError(
            "ValidationException",
            f"1 validation error detected: Value '{asked}' at '{name}' failed to satisfy "
            f"constraint: Member must have value {bound}",
        )
    return asked


def page(
    items: Sequence[Item], token: str | None, size: int, invalid: str = "ValidationException"
) -> tuple[Sequence[Item], str | None]:
    """One page and the token of the next. `invalid` is the error code for a foreign token."""
    start = _offset(token, invalid) if token else 0
    end = start + size
    return items[start:end], _token(end) if end < len(items) else None


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"page:{offset}".encode()).decode()


def _offset(token: str, invalid: str) -> int:
    try:
        word, _, offset = base64.urlsafe_b64decode(token).decode().partition(":")
        if word == "page":
            return int(offset)
    except (ValueError, binascii.Error):
        pass
    raise AwsError(invalid, "The pagination token is invalid.")
