"""Credentials from Airflow's connections."""

# ruff: noqa: PLC0415 - libraries are imported when a task runs, never when a DAG file is read

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowException, AirflowNotFoundException

if TYPE_CHECKING:
    from boto3 import Session

SLACK_CONNECTION = "hygiene_slack"
"""Holds the bot token as its password, where SLACK_BOT_TOKEN is not set."""


def base(connection: str | None) -> Session:
    """The session of an AWS connection; None: the AWS default chain of the worker.

    Raises `SessionError` where Airflow has no such connection or cannot make a session of it.
    """
    from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook
    from botocore.exceptions import BotoCoreError, ClientError

    from hygiene.clouds.aws.session import SessionError, base_session

    if connection is None:
        return base_session()
    try:
        # The hook would go on without a connection that is not there, with all that the worker
        # itself may do. So it is asked for first.
        BaseHook.get_connection(connection)
        session: Session = AwsBaseHook(aws_conn_id=connection, client_type=None).get_session()
    except AirflowNotFoundException as error:
        raise SessionError(
            f"Airflow has no connection {connection!r}: add it, or correct the estate"
        ) from error
    except (AirflowException, BotoCoreError, ClientError, ValueError) as error:
        # Their texts may quote the connection, which holds a secret.
        raise SessionError(
            f"the Airflow connection {connection!r} gives no AWS session "
            f"({type(error).__name__}): test it, and correct it"
        ) from error
    return session


def slack_token() -> str | None:
    """The bot token of the Slack connection, where there is one."""
    try:
        return BaseHook.get_connection(SLACK_CONNECTION).password or None
    except AirflowNotFoundException:
        return None
