"""The local Slack's inbox: every conversation and message on one page that needs no network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hygiene.localcloud.slack.mrkdwn import to_html
from hygiene.localcloud.slack.render import Names, to_page
from hygiene.localcloud.slack.store import BOT_ID, BOT_NAME, Conversation, Message, SlackStore

_PAGES = Environment(
    loader=PackageLoader("hygiene.localcloud.slack", "."),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_NOTES = {"direct": "direct messages", "private": "private channel", "channel": ""}


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as the page shows it; `body` and nothing else is HTML."""

    at: datetime
    app: str
    ours: bool
    body: tuple[Markup, ...]
    files: tuple[str, ...]
    edited: bool


@dataclass(frozen=True, slots=True)
class ShownConversation:
    """A channel or a person, with all messages, oldest first."""

    id: str
    name: str
    kind: str
    messages: tuple[ShownMessage, ...]

    @property
    def note(self) -> str:
        return _NOTES[self.kind]


def inbox(store: SlackStore) -> str:
    """The page as HTML."""
    with store.lock:
        names = {one.id: one.name for one in store.users.values()}
        names |= {one.id: one.name for one in store.conversations.values()}
        shown = [_conversation(one, store, names) for one in store.conversations.values()]
        return _PAGES.get_template("inbox.html").render(
            channels=sorted((c for c in shown if c.kind != "direct"), key=lambda c: c.name),
            people=sorted((c for c in shown if c.kind == "direct"), key=lambda c: c.name),
            now=store.clock().astimezone(UTC),
        )


def _conversation(one: Conversation, store: SlackStore, names: Names) -> ShownConversation:
    messages = tuple(_message(found, store, names) for found in store.messages_in(one.id))
    kind = "direct" if one.direct_with else ("private" if one.private else "channel")
    return ShownConversation(one.id, one.name, kind, messages)


def _message(message: Message, store: SlackStore, names: Names) -> ShownMessage:
    # As in Slack, the text is for notifications where a message has blocks.
    body = tuple(to_page(block, names) for block in message.blocks)
    return ShownMessage(
        at=datetime.fromtimestamp(float(message.ts), UTC),
        app=BOT_NAME if message.bot_id == BOT_ID else message.bot_id,
        ours=message.bot_id == BOT_ID,
        body=body or (Markup("<p>{}</p>").format(to_html(message.text, names)),),
        files=tuple(store.files[file].title for file in message.files),
        edited=message.edited,
    )
