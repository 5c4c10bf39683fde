"""Requests and answers on the wire. moto's parser and serializer know the protocols.

Python clients speak JSON to all services here but STS, which has only the query protocol; older
clients ask CloudWatch in that too. JSON answers are written directly: that is fast, and answers are
spelled here as the services spell them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from botocore.utils import parse_to_aware_datetime
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.serialize import QuerySerializer
from moto.core.utils import get_service_model
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request, Response

from hygiene.localcloud.state import AwsError, Doc

Protocol = Literal["json", "query"]

SERVICES = {
    "monitoring": "cloudwatch",
    "sagemaker": "sagemaker",
    "application-autoscaling": "application-autoscaling",
    "tagging": "resourcegroupstaggingapi",
    "sts": "sts",
}
"""Signing names of the services that are overlaid, and their names in botocore."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request as its headers describe it."""

    access_key: str
    region: str
    service: str
    operation: str
    protocol: Protocol


def load_models() -> None:
    """Loads the service descriptions, so that no first request waits for them."""
    for service in SERVICES.values():
        get_service_model(service)


def read_call(request: Request) -> Call | None:
    """Who asks what of which service; None for a request that is not signed with SigV4."""
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    scope = rest.partition("Credential=")[2].partition(",")[0].split("/")
    if scheme != "AWS4-HMAC-SHA256" or len(scope) != 5:
        return None
    access_key, _, region, signing_name, _ = scope
    target = request.headers.get("X-Amz-Target", "")
    operation = target.rpartition(".")[2] if target else _query_action(request)
    protocol: Protocol = "json" if target else "query"
    return Call(access_key, region, SERVICES.get(signing_name, signing_name), operation, protocol)


def _query_action(request: Request) -> str:
    body = request.get_data(cache=True).decode("utf-8", "replace")
    named = parse_qs(body).get("Action") or request.args.getlist("Action")
    return named[0] if named else f"{request.method} {request.path}"


def read_params(call: Call, request: Request) -> Doc:
    """The request's parameters by their names in the API. Raises `AwsError` for what is none."""
    body = request.get_data(cache=True)
    operation = get_service_model(call.service).operation_model(call.operation)
    parser = PROTOCOL_PARSERS[call.protocol](operation, timestamp_parser=parse_to_aware_datetime)
    values = MultiDict(
        (key, value)
        for key, found in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items()
        for value in found
    )
    parsed = parser.parse(
        {
            "method": request.method,
            "values": values if call.protocol == "query" else MultiDict(),
            "headers": request.headers,
            "body": body,
            "url_path": request.path,
            "url_params": {},
        }
    )
    return dict(parsed)


def answer(call: Call, result: Doc) -> Response:
    """A successful answer."""
    if call.protocol == "json":
        body = json.dumps(result, default=_json_time, separators=(",", ":"))
        return Response(body, 200, mimetype="application/x-amz-json-1.1")
    serializer = QuerySerializer(get_service_model(call.service).operation_model(call.operation))
    serialized = serializer.serialize(result)
    return Response(serialized["body"], 200, headers=dict(serialized["headers"]))


def refusal(call: Call, error: AwsError) -> Response:
    """An error answer in the form of the call's protocol."""
    side = "Sender" if error.status < 500 else "Receiver"
    if call.protocol == "json":
        body = json.dumps({"__type": error.code, "message": error.message})
        response = Response(body, error.status, mimetype="application/x-amz-json-1.1")
        response.headers["x-amzn-query-error"] = f"{error.code};{side}"
        return response
    code, message = escape(error.code), escape(error.message)
    body = (
        f"<ErrorResponse><Error><Type>{side}</Type><Code>{code}</Code>"
        f"<Message>{message}</Message></Error><RequestId>local</RequestId></ErrorResponse>"
    )
    return Response(body, error.status, mimetype="text/xml")


def _json_time(value: object) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"an answer holds a {type(value).__name__}, which JSON has no form for")
