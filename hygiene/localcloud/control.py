"""`/_local/...`: what a person or another process may do to a running local cloud, as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from hygiene.localcloud.edge import Edge
from hygiene.localcloud.spec import load
from hygiene.localcloud.state import Doc

if TYPE_CHECKING:
    from hygiene.localcloud.cloud import LocalCloud

Act = Callable[["LocalCloud", Doc], Doc]


class Control:
    """The WSGI application of the whole port: `/_local/` is answered here, the rest by the edge."""

    def __init__(self, cloud: LocalCloud, edge: Edge) -> None:
        self._cloud = cloud
        self._edge = edge

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith("/_local/"):
            return self._edge(environ, start_response)
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        act = _ACTS.get((request.method, request.path.removeprefix("/_local/")))
        if act is None:
            known = ", ".join(f"{method} /_local/{name}" for method, name in _ACTS)
            return _json({"error": f"there are: {known}"}, 404)
        try:
            asked = json.loads(request.get_data() or b"{}")
            return _json(act(self._cloud, {**request.args.to_dict(), **asked}), 200)
        except (ValueError, TypeError, LookupError) as error:
            return _json({"error": f"{type(error).__name__}: {error}"}, 400)


def _json(body: Doc, status: int) -> Response:
    return Response(json.dumps(body, default=str), status, mimetype="application/json")


def _health(cloud: LocalCloud, _asked: Doc) -> Doc:
    return {"ok": True, "pid": os.getpid(), "estate": cloud.estate}


def _now(cloud: LocalCloud, _asked: Doc) -> Doc:
    return {"now": cloud.clock.now().isoformat()}


def _move(cloud: LocalCloud, asked: Doc) -> Doc:
    return {"now": cloud.clock.move(timedelta(days=float(asked["move_days"]))).isoformat()}


def _requests(cloud: LocalCloud, asked: Doc) -> Doc:
    wanted = asked.get("operation")
    found = [asdict(one) for one in cloud.log if wanted in (None, one.operation)]
    return {"requests": [{**one, "at": one["at"].isoformat()} for one in found]}


def _forget(cloud: LocalCloud, _asked: Doc) -> Doc:
    cloud.log.clear()
    return {}


def _fault(cloud: LocalCloud, asked: Doc) -> Doc:
    cloud.faults.add(**asked)
    return {}


def _latency(cloud: LocalCloud, asked: Doc) -> Doc:
    cloud.faults.latency = float(asked["seconds"])
    return {}


def _mend(cloud: LocalCloud, _asked: Doc) -> Doc:
    cloud.faults.clear()
    return {}


def _traffic(cloud: LocalCloud, asked: Doc) -> Doc:
    at = asked.pop("at", None)
    cloud.traffic(**asked, at=datetime.fromisoformat(at) if at else None)
    return {}


def _tag(cloud: LocalCloud, asked: Doc) -> Doc:
    cloud.tag(asked["endpoint_name"], **asked["tags"])
    return {}


def _status(cloud: LocalCloud, asked: Doc) -> Doc:
    cloud.set_status(asked["endpoint_name"], asked["status"])
    return {}


def _instances(cloud: LocalCloud, asked: Doc) -> Doc:
    cloud.set_instances(asked["endpoint_name"], int(asked["count"]))
    return {}


def _delete_config(cloud: LocalCloud, asked: Doc) -> Doc:
    cloud.delete_config(asked["endpoint_name"])
    return {}


def _names(cloud: LocalCloud, _asked: Doc) -> Doc:
    return {"endpoints": cloud.names()}


def _reset(cloud: LocalCloud, _asked: Doc) -> Doc:
    cloud.reset()
    return {}


def _seed(cloud: LocalCloud, asked: Doc) -> Doc:
    cloud.seed(load(asked["estate"]))
    return {}


_ACTS: dict[tuple[str, str], Act] = {
    ("GET", "health"): _health,
    ("GET", "clock"): _now,
    ("POST", "clock"): _move,
    ("GET", "requests"): _requests,
    ("DELETE", "requests"): _forget,
    ("POST", "faults"): _fault,
    ("DELETE", "faults"): _mend,
    ("POST", "latency"): _latency,
    ("POST", "traffic"): _traffic,
    ("POST", "tags"): _tag,
    ("POST", "status"): _status,
    ("POST", "instances"): _instances,
    ("POST", "delete-config"): _delete_config,
    ("GET", "endpoints"): _names,
    ("POST", "reset"): _reset,
    ("POST", "seed"): _seed,
}
