"""The local Slack over HTTP: the Web API under `/api/`, uploads, and the inbox as a page at `/`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from hygiene.localcloud.slack.answers import SlackError
from hygiene.localcloud.slack.methods import METHODS
from hygiene.localcloud.slack.page import inbox
from hygiene.localcloud.slack.store import (
    Broken,
    CutShort,
    Doc,
    Fault,
    LostAnswer,
    RateLimited,
    Refused,
    Request,
    SlackStore,
)


def app(store: SlackStore) -> Starlette:
    """An ASGI app that serves this workspace."""

    async def call(request: HttpRequest) -> Response:
        method = request.path_params["method"]
        fault = store.next_fault(method)
        if isinstance(fault, RateLimited | Refused | Broken):
            return _faulty(store, method, fault)
        args = _arguments(request, await request.body())
        answer = _answer(store, method, _token(request, args), args)
        if "upload_url" in answer:
            answer["upload_url"] = f"{str(request.base_url).rstrip('/')}{answer['upload_url']}"
        return _sent(answer, fault)

    async def upload(request: HttpRequest) -> Response:
        file = store.files.get(request.path_params["file"])
        content = await request.body()
        if file is None or file.content is not None or len(content) != file.length:
            return PlainTextResponse("no such upload, or another length", 400)
        file.content = content
        return PlainTextResponse(f"OK - {len(content)}")

    async def show(_request: HttpRequest) -> Response:
        return HTMLResponse(inbox(store))

    return Starlette(
        routes=[
            Route("/", show),
            Route("/api/{method}", call, methods=["GET", "POST"]),
            Route("/upload/v1/{file}", upload, methods=["POST"]),
        ]
    )


def _answer(store: SlackStore, method: str, token: str, args: Mapping[str, Any]) -> Doc:
    with store.lock:
        try:
            if not token:
                raise SlackError("not_authed")
            if token != store.token:
                raise SlackError("invalid_auth")
            if method not in METHODS:
                raise SlackError("unknown_method")
            answer = {"ok": True, **METHODS[method](store, args)}
        except SlackError as error:
            answer = error.answer
        store.record(Request(method, args, "ok" if answer["ok"] else answer["error"]))
    return answer


def _arguments(request: HttpRequest, body: bytes) -> dict[str, Any]:
    """Query, form and JSON arguments alike; none of them has to be there."""
    args: dict[str, Any] = dict(request.query_params)
    if "json" in request.headers.get("content-type", ""):
        found = json.loads(body) if body.strip() else {}
        return args | found if isinstance(found, dict) else args
    return args | dict(parse_qsl(body.decode(), keep_blank_values=True))


def _token(request: HttpRequest, args: dict[str, Any]) -> str:
    """The token of the header, else of the arguments, where it does not stay (calls are kept)."""
    in_args = str(args.pop("token", ""))
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    return bearer if scheme.lower() == "bearer" else in_args


def _faulty(store: SlackStore, method: str, fault: RateLimited | Refused | Broken) -> Response:
    match fault:
        case RateLimited():
            store.record(Request(method, {}, "ratelimited"))
            return JSONResponse(
                {"ok": False, "error": "ratelimited"},
                429,
                headers={"Retry-After": str(fault.retry_after)},
            )
        case Refused():
            store.record(Request(method, {}, fault.error))
            return JSONResponse({"ok": False, "error": fault.error, "needed": fault.needed})
        case Broken():
            store.record(Request(method, {}, f"HTTP {fault.status}"))
            return HTMLResponse("<html><h1>Something broke</h1></html>", fault.status)


def _sent(answer: Doc, fault: Fault | None) -> Response:
    match fault:
        case LostAnswer():
            return HTMLResponse("<html><h1>Something broke</h1></html>", 500)
        case CutShort():
            whole = json.dumps(answer)
            return Response(whole[: len(whole) // 2], media_type="application/json")
        case _:
            return JSONResponse(answer)
