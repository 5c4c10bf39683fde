"""What goes wrong on purpose."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "throttle",
    "500",
    "denied",
    "timeout",
    "timeout_after",
    "reset",
    "reset_after",
    "broken_page",
    "missing_keys",
]
"""`timeout` and `reset` strike before the operation is carried out, `..._after` once it was:
nobody hears the answer. `broken_page` is a 200 whose body stops in the middle, `missing_keys` one
that holds an empty object."""

KINDS: tuple[str, ...] = get_args(Kind)
AFTER: tuple[Kind, ...] = ("timeout_after", "reset_after", "broken_page", "missing_keys")


@dataclass(slots=True)
class Fault:
    """One planned failure; None in a filter stands for any, `left` None for always."""

    operation: str | None
    kind: Kind
    left: int | None
    account: str | None
    region: str | None
    resource: str | None


class Faults:
    """Failures that wait for a request that fits; the first one that fits strikes.

    `latency` is how many seconds every request waits before it is served: a cloud that is far away.
    """

    def __init__(self) -> None:
        self.latency = 0.0
        self._lock = threading.Lock()
        self._planned: list[Fault] = []

    def add(
        self,
        operation: str | None,
        kind: Kind,
        count: int | None = 1,
        *,
        account: str | None = None,
        region: str | None = None,
        resource: str | None = None,
    ) -> None:
        """Plans a failure for the next `count` fitting requests; None: for all of them.

        `resource` is an endpoint's name. Raises ValueError for a kind there is none of.
        """
        if kind not in KINDS:
            raise ValueError(f"no fault {kind!r}; there are: {', '.join(KINDS)}")
        with self._lock:
            self._planned.append(Fault(operation, kind, count, account, region, resource))

    def clear(self) -> None:
        """Nothing fails any more, or is far away."""
        with self._lock:
            self._planned.clear()
            self.latency = 0.0

    def take(
        self, operation: str, account: str | None, region: str, resource: str | None
    ) -> Kind | None:
        """The failure that strikes this request, counted down."""
        with self._lock:
            for fault in self._planned:
                if fault.left == 0 or not (
                    fault.operation in (None, operation)
                    and fault.account in (None, account)
                    and fault.region in (None, region)
                    and fault.resource in (None, resource)
                ):
                    continue
                if fault.left is not None:
                    fault.left -= 1
                return fault.kind
        return None
