"""How the local Slack spells what it holds."""

from __future__ import annotations

from typing import Any

from hygiene.localcloud.slack.store import BOT_ID, BOT_USER, Conversation, Doc, Message, User


class SlackError(Exception):
    """`ok: false` with Slack's word, and what else the answer says."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer: Doc = {"ok": False, "error": error, **more}


def as_message(message: Message, with_metadata: bool) -> Doc:
    """A message; metadata goes only to those who ask for it."""
    answer: Doc = {
        "type": "message",
        "ts": message.ts,
        "text": message.text,
        "blocks": message.blocks,
        "bot_id": message.bot_id,
    }
    if message.bot_id == BOT_ID:
        answer["user"] = BOT_USER
    if message.metadata is not None and with_metadata:
        answer["metadata"] = message.metadata
    if message.files:
        answer["files"] = [{"id": one} for one in message.files]
    return answer


def as_user(user: User) -> Doc:
    """A person."""
    return {
        "id": user.id,
        "name": user.email.partition("@")[0],
        "real_name": user.name,
        "deleted": user.deleted,
        "is_bot": False,
        "profile": {"email": user.email, "real_name": user.name},
    }


def as_conversation(one: Conversation) -> Doc:
    """A channel, or a conversation with one person."""
    if one.direct_with:
        return {"id": one.id, "is_im": True, "user": one.direct_with}
    return {
        "id": one.id,
        "name": one.name,
        "is_channel": not one.private,
        "is_private": one.private,
        "is_archived": one.archived,
        "is_member": one.joined,
    }
