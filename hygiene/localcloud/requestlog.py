"""Every request that reached the wire."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One AWS request. `at` is the local cloud's time, `status` that of the answer (0: none came).

    `account` is None for an unknown access key, `role` for a caller that assumed none; `resource`
    is the name of the endpoint that the request names.
    """

    at: datetime
    service: str
    operation: str
    account: str | None
    region: str
    role: str | None
    mutating: bool
    status: int
    resource: str | None


class RequestLog:
    """Requests in the order of their answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[LoggedRequest] = []

    def add(self, request: LoggedRequest) -> None:
        """Remembers one request."""
        with self._lock:
            self._requests.append(request)

    def __iter__(self) -> Iterator[LoggedRequest]:
        with self._lock:
            return iter(tuple(self._requests))

    def of(self, operation: str) -> tuple[LoggedRequest, ...]:
        """The requests of one operation."""
        return tuple(one for one in self if one.operation == operation)

    def mutating(self) -> tuple[LoggedRequest, ...]:
        """The requests that would change something, refused ones too."""
        return tuple(one for one in self if one.mutating)

    def count(self) -> int:
        """How many requests there were."""
        with self._lock:
            return len(self._requests)

    def clear(self) -> None:
        """Forgets them."""
        with self._lock:
            self._requests.clear()
