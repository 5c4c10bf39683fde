"""What the local Slack holds: people, conversations, messages, files, and the faults to come."""

from __future__ import annotations

import itertools
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

BOT_NAME, BOT_USER, BOT_ID, TEAM = "cloud-hygiene", "U0BOT", "B0BOT", "T0LOCAL"

ALL_SCOPES = frozenset(
    {
        "chat:write",
        "users:read",
        "users:read.email",
        "im:write",
        "im:read",
        "im:history",
        "channels:read",
        "channels:history",
        "groups:read",
        "groups:history",
        "files:write",
    }
)

Doc = dict[str, Any]
"""A request or an answer as Slack's own reference spells it."""


@dataclass(slots=True)
class User:
    """A person. `deleted`: the account was closed."""

    id: str
    email: str
    name: str
    deleted: bool = False


@dataclass(slots=True)
class Conversation:
    """A channel, or with `direct_with` a conversation with one person."""

    id: str
    name: str
    private: bool = False
    joined: bool = True
    archived: bool = False
    direct_with: str | None = None


@dataclass(slots=True)
class Message:
    """A message; `ts` is its id in its conversation, and its time in Unix seconds."""

    channel: str
    ts: str
    text: str
    blocks: list[Doc]
    metadata: Doc | None
    bot_id: str
    files: list[str] = field(default_factory=list)
    edited: bool = False


@dataclass(slots=True)
class File:
    """A file on its way: the URL was asked for, then its bytes came, then it was completed."""

    id: str
    name: str
    length: int
    title: str = ""
    content: bytes | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One call as it reached the wire, and what was answered: `ok`, or Slack's error."""

    method: str
    args: Mapping[str, Any]
    answered: str


@dataclass(frozen=True, slots=True)
class RateLimited:
    """HTTP 429: nothing is done. `retry_after` is in whole seconds."""

    retry_after: int


@dataclass(frozen=True, slots=True)
class Refused:
    """`ok: false` with this error: nothing is done. `needed` goes with missing_scope."""

    error: str
    needed: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """An HTTP error without JSON: nothing is done."""

    status: int = 503


@dataclass(frozen=True, slots=True)
class LostAnswer:
    """The call is carried out, and then HTTP 500 is answered."""


@dataclass(frozen=True, slots=True)
class CutShort:
    """The call is carried out, and only the first half of the answer arrives."""


Fault = RateLimited | Refused | Broken | LostAnswer | CutShort


def wall_time() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


class SlackStore:
    """One workspace with one app. Every public method may be called from any thread."""

    def __init__(
        self,
        token: str,
        clock: Callable[[], datetime] = wall_time,
        scopes: frozenset[str] = ALL_SCOPES,
    ) -> None:
        """`token` is the one that is accepted, `scopes` what it was granted."""
        self.token = token
        self.clock = clock
        self.scopes = scopes
        self.lock = threading.RLock()
        self.users: dict[str, User] = {}
        self.conversations: dict[str, Conversation] = {}
        self.messages: list[Message] = []
        self.files: dict[str, File] = {}
        self.requests: list[Request] = []
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._numbers = itertools.count(1)
        self._last_ts = 0

    def add_user(self, email: str, name: str, deleted: bool = False) -> str:
        """A person of the workspace; returns the id."""
        with self.lock:
            user = User(self.new_id("U"), email, name, deleted)
            self.users[user.id] = user
            return user.id

    def add_channel(self, name: str, private: bool = False, joined: bool = True) -> str:
        """A channel, `name` without `#`; `joined`: the bot was invited. Returns the id."""
        with self.lock:
            channel = Conversation(self.new_id("C"), name, private, joined)
            self.conversations[channel.id] = channel
            return channel.id

    def add_message(
        self,
        channel: str,
        text: str,
        blocks: list[Doc] | None = None,
        metadata: Doc | None = None,
        bot_id: str = "B0OTHER",
    ) -> Message:
        """A message as it arrived; by default from somebody else's app."""
        with self.lock:
            message = Message(channel, self._new_ts(), text, blocks or [], metadata, bot_id)
            self.messages.append(message)
            return message

    def direct(self, user: str) -> Conversation:
        """The bot's conversation with a person, opened if need be."""
        with self.lock:
            for one in self.conversations.values():
                if one.direct_with == user:
                    return one
            opened = Conversation(self.new_id("D"), self.users[user].name, direct_with=user)
            self.conversations[opened.id] = opened
            return opened

    def fail(self, method: str, fault: Fault, times: int = 1) -> None:
        """Lets the next `times` calls of a method fail, after the faults that wait already."""
        with self.lock:
            self._faults[method].extend([fault] * times)

    def next_fault(self, method: str) -> Fault | None:
        """Takes the fault that the next call of a method meets."""
        with self.lock:
            waiting = self._faults[method]
            return waiting.popleft() if waiting else None

    def record(self, request: Request) -> None:
        """Remembers a call."""
        with self.lock:
            self.requests.append(request)

    def calls(self, method: str) -> list[Request]:
        """All calls of a method that reached the wire, oldest first."""
        with self.lock:
            return [one for one in self.requests if one.method == method]

    def messages_in(self, channel: str) -> list[Message]:
        """The messages of one conversation, by its id, oldest first."""
        with self.lock:
            return [one for one in self.messages if one.channel == channel]

    def clear(self) -> None:
        """Forgets messages, files, calls and faults; people and channels stay."""
        with self.lock:
            self.messages.clear()
            self.files.clear()
            self.requests.clear()
            self._faults.clear()
            self._last_ts = 0

    def new_id(self, kind: str) -> str:
        """An id that was never given out, which begins with `kind`."""
        with self.lock:
            return f"{kind}{next(self._numbers):08d}"

    def _new_ts(self) -> str:
        micros = max(int(self.clock().timestamp() * 1_000_000), self._last_ts + 1)
        self._last_ts = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"
