"""What another process may do to a running local cloud. `env` is what `process.env` returns.

Every function raises `urllib.error.HTTPError` where the local cloud refuses (the body says why) and
`urllib.error.URLError` where none answers.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

Env = dict[str, str]

_DIRECT = build_opener(ProxyHandler({}))


def health(env: Env) -> str:
    """The name of the estate that it serves."""
    return str(_call(env, "GET", "health")["estate"])


def now(env: Env) -> datetime:
    """The local cloud's time."""
    return datetime.fromisoformat(_call(env, "GET", "clock")["now"])


def move(env: Env, days: float) -> datetime:
    """Lets days pass at once; returns the new time."""
    return datetime.fromisoformat(_call(env, "POST", "clock", move_days=days)["now"])


def requests(env: Env, operation: str | None = None) -> list[dict[str, Any]]:
    """Every AWS request since the start, oldest first, with the keys of `LoggedRequest`."""
    query = f"?{urlencode({'operation': operation})}" if operation else ""
    found: list[dict[str, Any]] = _call(env, "GET", f"requests{query}")["requests"]
    return found


def forget(env: Env) -> None:
    """Empties the log of requests."""
    _call(env, "DELETE", "requests")


def latency(env: Env, seconds: float) -> None:
    """Lets every further request wait so long before it is served."""
    _call(env, "POST", "latency", seconds=seconds)


def fault(env: Env, operation: str, kind: str, count: int | None = 1, **where: str) -> None:
    """Plans a failure; `where` may hold account, region and resource. See `faults.Kind`."""
    _call(env, "POST", "faults", operation=operation, kind=kind, count=count, **where)


def mend(env: Env) -> None:
    """Nothing fails any more, or is far away."""
    _call(env, "DELETE", "faults")


def traffic(env: Env, endpoint_name: str, count: int = 1, **where: str) -> None:
    """Somebody calls an endpoint; `where` may hold at, account, region and variant."""
    _call(env, "POST", "traffic", endpoint_name=endpoint_name, count=count, **where)


def tag(env: Env, endpoint_name: str, **tags: str | None) -> None:
    """Sets tags of an endpoint; None takes one away. Underscores stand for hyphens."""
    _call(env, "POST", "tags", endpoint_name=endpoint_name, tags=tags)


def endpoints(env: Env) -> list[str]:
    """The names of the endpoints that are there, in all accounts."""
    return [str(name) for name in _call(env, "GET", "endpoints")["endpoints"]]


def _call(env: Env, method: str, path: str, **body: object) -> dict[str, Any]:
    request = Request(  # noqa: S310 - a loopback URL
        f"{env['AWS_ENDPOINT_URL']}/_local/{path}",
        data=json.dumps(body).encode() if method == "POST" else None,
        method=method,
        headers={"Content-Type": "application/json"},
    )
    with _DIRECT.open(request, timeout=30) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found
