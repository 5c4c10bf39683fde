"""A Slack of one workspace on this machine: its Web API, its limits and faults, and an inbox."""

from hygiene.localcloud.slack.api import app
from hygiene.localcloud.slack.store import (
    ALL_SCOPES,
    Broken,
    CutShort,
    LostAnswer,
    RateLimited,
    Refused,
    SlackStore,
)

__all__ = [
    "ALL_SCOPES",
    "Broken",
    "CutShort",
    "LostAnswer",
    "RateLimited",
    "Refused",
    "SlackStore",
    "app",
]
