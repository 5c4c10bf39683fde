"""moto, behind the edge: it answers whatever the overlay does not.

It is loaded with the first request that needs it, since that takes a second. Its accounts are the
edge's: moto trusts the header that names one.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

from werkzeug.wrappers import Request, Response

from hygiene.localcloud.state import AwsError


@cache
def _moto() -> Any:
    from moto.moto_server.werkzeug_app import (  # noqa: PLC0415
        DomainDispatcherApplication,
        create_backend_app,
    )

    return DomainDispatcherApplication(create_backend_app)


def answer(request: Request, account: str) -> Response:
    """moto's answer in an account. Raises `AwsError` for an operation that moto lacks.

    moto breaks on one, which its server would tell as an outage.
    """
    environ = {
        **request.environ,
        "wsgi.input": BytesIO(request.get_data(cache=True)),
        "HTTP_X_MOTO_ACCOUNT_ID": account,
    }
    try:
        return Response.from_app(_moto(), environ)
    except NotImplementedError as lacking:
        message = "The local cloud has no such operation."
        raise AwsError("UnknownOperationException", message) from lacking


def reset() -> None:
    """Empties moto, if it was ever asked."""
    if _moto.cache_info().currsize:
        from moto.moto_api._internal.models import moto_api_backend  # noqa: PLC0415

        moto_api_backend.reset()
