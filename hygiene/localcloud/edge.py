"""The AWS edge: who asks, what goes wrong, what is answered, and what is remembered of it.

What is in `operations` is answered here, everything else by moto. What moto lacks is refused in the
service's own form, with 400: a page of HTML with status 500 would look like an outage, which
clients retry.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Request, Response

from hygiene.localcloud import fallback, wire
from hygiene.localcloud.faults import AFTER, Faults, Kind
from hygiene.localcloud.line import Dropped, hold, reset
from hygiene.localcloud.operations import OPERATIONS, is_mutating
from hygiene.localcloud.requestlog import LoggedRequest, RequestLog
from hygiene.localcloud.state import Ask, Aws, AwsError, Caller, Doc

_THROTTLED = {"cloudwatch": "Throttling", "sts": "Throttling"}
_SILENT: tuple[Kind, ...] = ("timeout", "timeout_after", "reset", "reset_after")


class Edge:
    """The WSGI application of the AWS services."""

    def __init__(self, aws: Aws, log: RequestLog, faults: Faults) -> None:
        self._aws = aws
        self._log = log
        self._faults = faults
        self._closing = threading.Event()

    def close(self) -> None:
        """Lets go of every connection that a fault holds."""
        self._closing.set()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        request = Request(environ)
        call = wire.read_call(request)
        if call is None:
            response = Response("The request is not signed with SigV4.", 403)
        else:
            self._closing.wait(self._faults.latency)
            response = self._served(call, request)
        return response(environ, start_response)

    def _served(self, call: wire.Call, request: Request) -> Response:
        caller = self._aws.caller(call.access_key)
        params = _params(call, request)
        account, resource = caller.account if caller else None, endpoint_name(params)
        at = self._aws.clock.now()
        kind = self._faults.take(call.operation, account, call.region, resource)
        carried_out = kind in (None, *AFTER)
        response = self._answer(call, caller, params, request) if carried_out else None
        if kind not in _SILENT:
            response = _spoilt(kind, call, response)
        self._log.add(
            LoggedRequest(
                at=at,
                service=call.service,
                operation=call.operation,
                account=account,
                region=call.region,
                role=caller.role if caller else None,
                mutating=is_mutating(call.operation),
                status=response.status_code if response and kind not in _SILENT else 0,
                resource=resource,
            )
        )
        if kind in ("reset", "reset_after"):
            reset(request.environ["werkzeug.socket"])
        elif kind in ("timeout", "timeout_after"):
            hold(request.environ["werkzeug.socket"], self._closing)
        if response is None or kind in _SILENT:
            raise Dropped(f"no answer to {call.operation}, as planned")
        return response

    def _answer(
        self, call: wire.Call, caller: Caller | None, params: Doc, request: Request
    ) -> Response:
        try:
            if caller is None:
                message = "The security token included in the request is invalid."
                raise AwsError("InvalidClientTokenId", message, 403)
            _authorize(call, caller)
            handler = OPERATIONS.get((call.service, call.operation))
            if handler is None:
                return fallback.answer(request, caller.account)
            with self._aws.lock:
                return wire.answer(call, handler(Ask(self._aws, caller, call.region, params)))
        except AwsError as error:
            return wire.refusal(call, error)


def _params(call: wire.Call, request: Request) -> Doc:
    known = (call.service, call.operation) in OPERATIONS
    return wire.read_params(call, request) if known else {}


def _spoilt(kind: Kind | None, call: wire.Call, response: Response | None) -> Response:
    """The answer as a fault leaves it."""
    if response is None:
        return wire.refusal(call, _refused_by(kind, call))
    if kind == "broken_page":
        body = response.get_data()
        response.set_data(body[: len(body) // 2])
    elif kind == "missing_keys":
        response.set_data(b"{}" if call.protocol == "json" else b"<Response/>")
    return response


def _refused_by(kind: Kind | None, call: wire.Call) -> AwsError:
    if kind == "throttle":
        return AwsError(_THROTTLED.get(call.service, "ThrottlingException"), "Rate exceeded")
    if kind == "denied":
        return _denied(call, f"You are not authorized to perform: {call.service}:{call.operation}")
    return AwsError("InternalFailure", "The service failed, as planned.", 500)


def _authorize(call: wire.Call, caller: Caller) -> None:
    """A reader's role cannot write, whatever the code above asks for."""
    if caller.role and caller.role.endswith("-reader") and is_mutating(call.operation):
        raise _denied(
            call,
            f"User: {caller.arn} is not authorized to perform: {call.service}:{call.operation} "
            "because no identity-based policy allows it",
        )


def _denied(call: wire.Call, message: str) -> AwsError:
    if call.protocol == "query":
        return AwsError("AccessDenied", message, 403)
    return AwsError("AccessDeniedException", message)


def endpoint_name(params: Doc) -> str | None:
    """The endpoint that a request names, by its name, its ARN or as a scalable resource."""
    if "EndpointName" in params:
        return str(params["EndpointName"])
    for key in ("ResourceArn", "ResourceId"):
        parts = str(params.get(key, "")).replace(":", "/").split("/")
        if "endpoint" in parts[:-1]:
            return parts[parts.index("endpoint") + 1]
    return None
