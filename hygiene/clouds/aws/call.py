"""Asks AWS, and turns every way in which no usable answer comes into a value."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

T = TypeVar("T")

Answer = dict[str, Any]
"""What botocore returns. It stays in this room: `parse` functions make values of it."""

# A body that is cut off, is no JSON or CBOR, or lacks what the service promises shows as one of
# these, from botocore's parsers or from ours.
_BROKEN = (
    ResponseParserError,
    HTTPError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    ArithmeticError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why no usable answer came.

    `code`, `message` and `status` (HTTP) are AWS's own words; "" and 0 where it did not say that
    something went wrong, so that nobody knows what it did.
    """

    reason: str
    code: str = ""
    message: str = ""
    status: int = 0


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """The items of all pages, or of those before the page that failed."""

    items: tuple[T, ...]
    failure: Failure | None = None


def ask(client: Any, method: str, parse: Callable[[Answer], T], **parameters: Any) -> T | Failure:
    """Calls `method` of a boto3 client and returns what `parse` makes of the answer."""
    return _attempt(method, lambda: parse(getattr(client, method)(**parameters)))


def ask_all(
    client: Any, method: str, key: str, parse: Callable[[Answer], T], **parameters: Any
) -> Listed[T]:
    """Every page of a listing; `parse` makes a value of each item under `key`."""
    items: list[T] = []

    def read_pages() -> None:
        for page in client.get_paginator(method).paginate(**parameters):
            items.extend([parse(item) for item in page[key]])

    failure = _attempt(method, read_pages)
    return Listed(tuple(items), failure)


def wait(
    client: Any, waiter: str, delay: float, attempts: int, **parameters: Any
) -> Failure | None:
    """Waits until a boto3 waiter is content: looks `attempts` times, `delay` seconds apart."""
    times = {"Delay": delay, "MaxAttempts": attempts}
    return _attempt(
        waiter, lambda: client.get_waiter(waiter).wait(**parameters, WaiterConfig=times)
    )


def _attempt(method: str, run: Callable[[], T]) -> T | Failure:
    try:
        return run()
    except ClientError as error:
        return _refusal(error)
    except (BotoCoreError, OSError) as error:
        return Failure(f"{method}: {_short(str(error) or type(error).__name__)}")
    except _BROKEN as error:
        return Failure(f"{method}: a broken answer ({type(error).__name__}: {_short(str(error))})")


def _refusal(error: ClientError) -> Failure:
    """Names the operation that AWS refused, which may be AssumeRole before the one asked for."""
    said = error.response.get("Error", {})
    code, message = str(said.get("Code", "")), str(said.get("Message", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    reason = f"{error.operation_name}: {code}: {_short(message)}"
    return Failure(reason, code, message, status)


def _short(text: str) -> str:
    # botocore quotes the URL that it could not reach, which may hold a password.
    line = re.sub(r"//[^/\s\"]*@", "//***@", " ".join(text.split()))
    return line if len(line) <= 300 else line[:299] + "…"
