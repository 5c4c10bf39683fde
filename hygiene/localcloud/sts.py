"""STS: who is asking, and roles in other accounts."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta

from hygiene.localcloud.state import Ask, AwsError, Doc

_ROLE = re.compile(r"arn:aws:iam::(\d{12}):role/(?:.+/)?([\w+=,.@-]+)")


def get_caller_identity(ask: Ask) -> Doc:
    """The account and role behind the access key."""
    return {
        "UserId": f"local:{ask.caller.account}",
        "Account": ask.caller.account,
        "Arn": ask.caller.arn,
    }


def assume_role(ask: Ask) -> Doc:
    """Any role of any account may be assumed; what it may do follows from its name."""
    match = _ROLE.fullmatch(ask.params["RoleArn"])
    if not match:
        raise AwsError("ValidationError", f"{ask.params['RoleArn']} is invalid")
    account, role = match.groups()
    session = ask.params["RoleSessionName"]
    access_key = ask.aws.assume(account, role, session)
    caller = ask.aws.caller(access_key)
    # Clients compare this with their own clock, so it is wall time and not the local clock's.
    expires = datetime.now(UTC) + timedelta(seconds=int(ask.params.get("DurationSeconds", 3600)))
    return {
        "Credentials": {
            "AccessKeyId": access_key,
            "SecretAccessKey": secrets.token_urlsafe(30),
            "SessionToken": secrets.token_urlsafe(60),
            "Expiration": expires,
        },
        "AssumedRoleUser": {
            "AssumedRoleId": f"AROALOCAL:{session}",
            "Arn": caller.arn if caller else "",
        },
        "PackedPolicySize": 1,
    }
