"""The time. Only the local cloud's clock can be moved, and only runs inside it follow it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http.client import HTTPException
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def system() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)


def is_loopback(url: str) -> bool:
    """Whether a URL names this machine."""
    return urlsplit(url).hostname in LOOPBACK


def of_local_cloud(url: str) -> datetime:
    """The local cloud's own time. Raises `ConnectionError` where none answers at `url`."""
    try:
        with build_opener(ProxyHandler({})).open(url, timeout=10) as answer:
            return datetime.fromisoformat(json.load(answer)["now"])
    except (OSError, HTTPException, ValueError, LookupError, TypeError) as error:
        raise ConnectionError(
            f"no local cloud tells the time at {url}: start one with `hygiene local up`, "
            "or unset HYGIENE_CLOCK_URL"
        ) from error
