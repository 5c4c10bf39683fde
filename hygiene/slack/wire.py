"""The calls to Slack that the messenger needs, each raising `SlackFailure` and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.http_retry.handler import RetryHandler

from hygiene.slack.blocks import Message
from hygiene.slack.failures import CALL_FAILURES, SlackFailure, failure, invitation

SCOPES = {
    "chat:write": "posts messages",
    "users:read": "finds people",
    "users:read.email": "finds an owner by the e-mail address of the owner tag",
    "im:write": "opens the conversation with an owner",
    "im:history": "sees there whether a note was posted before",
    "channels:read": "finds the public channels that the bot was invited to",
    "channels:history": "sees there whether a note was posted before",
    "groups:read": "finds the private channels that the bot was invited to",
    "groups:history": "sees there whether a note was posted before",
}
"""OAuth scopes of the bot token, and what each is for. The app is the workspace's own: Slack
grants apps that are distributed outside its marketplace one look into a history a minute."""

EVENT_TYPE = "hygiene_note"
"""Marks the bot's messages in their metadata, which only apps see."""

TIMEOUT_SECONDS = 20
_PAGE = 200


class Wire:
    """Slack's Web API with one bot token."""

    def __init__(self, token: str, base_url: str | None) -> None:
        """Raises ValueError for a token that could not be sent."""
        if not token.strip().isascii() or not token.strip().isprintable() or not token.strip():
            raise ValueError("the Slack token is empty or holds characters that no token has")
        waits = RateLimitErrorRetryHandler(max_retry_count=5)
        reconnects = ConnectionErrorRetryHandler(max_retry_count=2)
        tries_again = ServerErrorRetryHandler(max_retry_count=2)
        self._repeatable = _client(token, base_url, [waits, reconnects, tries_again])
        # A post whose answer was lost may have been heard: only what surely was not (429) is sent
        # again. The messenger looks before it posts anew.
        self._once = _client(token, base_url, [waits])
        self._channels: dict[str, str] = {}
        self._bot_id = ""

    def user(self, email: str) -> str:
        """The id of the person with this address. A closed account fails as `user_disabled`."""
        with _failures("users.lookupByEmail", email):
            user = self._repeatable.users_lookupByEmail(email=email)["user"]
            if user.get("deleted"):
                raise SlackFailure("that person's Slack account is closed", "user_disabled")
            return _word(user, "id")

    def direct(self, user: str) -> str:
        """The id of the bot's conversation with this person."""
        with _failures("conversations.open", user):
            return _word(self._repeatable.conversations_open(users=[user])["channel"], "id")

    def channel(self, name: str) -> str:
        """The id of a channel, by its name (`#data` or `data`) or id; the bot has to be in it."""
        if not self._channels:
            self._channels = self._joined()
        found = self._channels.get(name.removeprefix("#"))
        if found is None:
            raise SlackFailure(f"the bot is not in {name}: {invitation(name)}", "not_in_channel")
        return found

    def posted(self, key: str, channel: str, since: datetime, where: str) -> dict[int, str]:
        """The parts of a note that this very bot posted there since then: number to message id."""
        bot_id = self._own_bot_id()
        found: dict[int, str] = {}
        with _failures("conversations.history", where):
            for page in self._repeatable.conversations_history(
                channel=channel,
                oldest=f"{since.timestamp():.6f}",
                include_all_metadata=True,
                limit=_PAGE,
            ):
                for message in page["messages"]:
                    part = _part(message, key, bot_id)
                    if part:
                        found[part] = _word(message, "ts")
        return found

    def post(self, message: Message, key: str, part: int, channel: str, where: str) -> str:
        """Posts one part of a note; returns the message's id."""
        with _failures("chat.postMessage", where):
            answer = self._once.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=message.blocks,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key, "part": part}},
                link_names=False,
                parse="none",
                unfurl_links=False,
                unfurl_media=False,
            )
            return _word(answer.data, "ts")

    def _joined(self) -> dict[str, str]:
        """The ids of the channels that the bot is in, by their names and by themselves."""
        ids: dict[str, str] = {}
        with _failures("users.conversations", "its channels"):
            for page in self._repeatable.users_conversations(
                types="public_channel,private_channel", exclude_archived=True, limit=_PAGE
            ):
                for channel in page["channels"]:
                    ids[channel["name"]] = ids[channel["id"]] = channel["id"]
        return ids

    def _own_bot_id(self) -> str:
        """Only the bot's own messages prove a delivery: anybody may attach the same metadata."""
        if not self._bot_id:
            with _failures("auth.test", "the workspace"):
                self._bot_id = _word(self._repeatable.auth_test().data, "bot_id")
        return self._bot_id


def _client(token: str, base_url: str | None, retries: list[RetryHandler]) -> WebClient:
    return WebClient(
        token,
        base_url=base_url or WebClient.BASE_URL,
        timeout=TIMEOUT_SECONDS,
        retry_handlers=retries,
    )


def _part(message: Mapping[str, Any], key: str, bot_id: str) -> int | None:
    """Which part of the note with this key a message is, if it is one of this bot."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    if message.get("bot_id") != bot_id or metadata.get("event_type") != EVENT_TYPE:
        return None
    return int(payload["part"]) if payload.get("key") == key else None


def _word(answer: object, key: str) -> str:
    """A value that Slack always gives; KeyError where it did not."""
    found = answer.get(key) if isinstance(answer, Mapping) else None
    if not isinstance(found, str):
        raise KeyError(key)
    return found


@contextmanager
def _failures(method: str, where: str) -> Iterator[None]:
    """Turns what the SDK raises, or an answer of another shape, into a `SlackFailure`."""
    try:
        yield
    except CALL_FAILURES as error:
        raise failure(method, error, where) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise SlackFailure(f"Slack answered {method} in an unknown shape: {error!r}") from error
