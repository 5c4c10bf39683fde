"""Sessions: who asks, in which account, and what may pass the wire at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import botocore.loaders
import botocore.session
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import BotoCoreError, ProfileNotFound
from botocore.utils import parse_timestamp

from hygiene.clouds.aws.call import Failure, ask
from hygiene.clouds.aws.operations import READS, WRITES, Operation

Session = boto3.Session
"""A session as the rest of the house passes it around, without importing boto3."""

CONNECTIONS = 8
"""How many requests of one reader are under way at once, at most."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a request may take: attempts (the first included) and timeouts in seconds."""

    attempts: int = 5
    connect_timeout: float = 5
    read_timeout: float = 20

    @property
    def config(self) -> Config:
        """The same as botocore's client configuration."""
        return Config(
            retries={"mode": "standard", "total_max_attempts": self.attempts},
            connect_timeout=self.connect_timeout,
            read_timeout=self.read_timeout,
            max_pool_connections=CONNECTIONS,
        )


READING = Patience()
WRITING = Patience(attempts=1)
"""A write is sent at most once: what came of an unanswered one is found out by looking."""


_LOADER = botocore.loaders.create_loader(os.environ.get("AWS_DATA_PATH"))
"""Reads each service's description once for all sessions, of which a large estate has many."""


class NotAllowedError(RuntimeError):
    """An operation was stopped before the wire: this session is not meant to send it."""


class SessionError(RuntimeError):
    """The credentials at hand do not work."""


@contextmanager
def _told() -> Iterator[None]:
    """Half a key pair, a config file that is none, an endpoint that is no URL: said, not thrown."""
    try:
        yield
    except (BotoCoreError, ValueError) as error:
        raise SessionError(f"the settings of AWS cannot be used: {error}") from error


@_told()
def base_session(profile: str | None = None) -> boto3.Session:
    """A session of the caller's own credentials. Raises `SessionError` for an unknown profile."""
    try:
        return boto3.Session(profile_name=profile)
    except ProfileNotFound as error:
        raise SessionError(f"{error}: name one from ~/.aws/config") from error


@_told()
def assumed(base: boto3.Session, role_arn: str | None, name: str) -> boto3.Session:
    """A session in a role, refreshed before it ends. `name` is shown in the account's CloudTrail.

    Without a role it is `base` itself. Nothing is sent before the first request. Raises
    `SessionError` where `base` has no credentials.
    """
    if role_arn is None:
        return base
    source = base.get_credentials()
    if source is None:
        raise SessionError(f"no AWS credentials were found to assume {role_arn} with")
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=_client_creator(base),
        source_credentials=source,
        role_arn=role_arn,
        extra_args={"RoleSessionName": name},
    )
    credentials = DeferredRefreshableCredentials(
        method="assume-role", refresh_using=fetcher.fetch_credentials
    )
    return _with_credentials(credentials, base.region_name)


def reading(session: boto3.Session) -> boto3.Session:
    """A session with the same credentials that sends the declared reads and nothing else.

    Any other operation raises `NotAllowedError` before it reaches the wire.
    """
    return _limited(session, READS)


def writing(session: boto3.Session) -> boto3.Session:
    """A session with the same credentials that sends the declared reads and writes only."""
    return _limited(session, READS + WRITES)


@_told()
def caller(session: boto3.Session) -> str:
    """The id of the account that the session's credentials belong to. Raises `SessionError`."""
    region = default_region(session) or "us-east-1"
    sts = session.client("sts", region_name=region, config=READING.config)
    account = ask(sts, "get_caller_identity", lambda answer: str(answer["Account"]))
    if isinstance(account, Failure):
        raise SessionError(f"AWS does not know who is asking: {account.reason}")
    return account


def default_region(session: boto3.Session) -> str | None:
    """The region of the session's profile or environment, if one is set.

    AWS_REGION is what the other SDKs and AWS's own runtimes set; boto3 itself passes over it.
    """
    region: str | None = session.region_name or os.environ.get("AWS_REGION")
    return region


class _Given:
    """A credential provider that hands on the credentials of another session."""

    METHOD = CANONICAL_NAME = "given"

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials

    def load(self) -> Any:
        return self._credentials


def _with_credentials(credentials: Any, region: str | None) -> boto3.Session:
    inner = botocore.session.Session()
    inner.register_component("data_loader", _LOADER)
    inner.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_timestamp)
    inner.register_component("credential_provider", CredentialResolver([_Given(credentials)]))
    return boto3.Session(botocore_session=inner, region_name=region)


def _timestamp(value: Any) -> datetime:
    """botocore's own way takes most of the time that a scan of many metrics spends."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    parsed: datetime = parse_timestamp(value)
    return parsed


def _client_creator(session: boto3.Session) -> Any:
    """What botocore's fetcher calls: (service, aws_access_key_id=..., ...) -> client."""
    region = session.region_name or "us-east-1"

    def create(service: str, **credentials: Any) -> Any:
        return session.client(service, region_name=region, config=READING.config, **credentials)

    return create


@_told()
def _limited(session: boto3.Session, operations: tuple[Operation, ...]) -> boto3.Session:
    """A new session, so that the one given may still fetch and refresh its credentials."""
    allowed = {(operation.service, operation.name) for operation in operations}
    limited = _with_credentials(session.get_credentials(), session.region_name)

    def stop(event_name: str, **_: Any) -> None:
        service, operation = event_name.split(".")[1:]
        if (service, operation) not in allowed:
            raise NotAllowedError(
                f"{service} {operation} was not sent: this session may send "
                f"{', '.join(sorted(name for _, name in allowed))}"
            )

    # Emitted for every attempt of every client of the session, right before its bytes are sent.
    limited.events.register_first("before-send", stop)
    return limited
