"""The Web API methods of the local Slack: each takes the store and the arguments of a call."""

from __future__ import annotations

from collections.abc import Callable

from hygiene.localcloud.slack.answers import (
    SlackError,
    as_conversation,
    as_message,
    as_user,
)
from hygiene.localcloud.slack.arguments import Args, as_json, page, truth
from hygiene.localcloud.slack.limits import refusal
from hygiene.localcloud.slack.store import (
    BOT_ID,
    BOT_NAME,
    BOT_USER,
    TEAM,
    Conversation,
    Doc,
    File,
    SlackStore,
    User,
)


def auth_test(_store: SlackStore, _args: Args) -> Doc:
    """https://docs.slack.dev/reference/methods/auth.test"""
    return {
        "url": "https://local.slack.example/",
        "team": "local",
        "user": BOT_NAME,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
    }


def post_message(store: SlackStore, args: Args) -> Doc:
    """https://docs.slack.dev/reference/methods/chat.postMessage"""
    need(store, "chat:write")
    channel = _open_to_posts(store, str(args.get("channel") or ""))
    text, blocks, metadata = _content(args)
    message = store.add_message(channel.id, text, blocks, metadata, BOT_ID)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": as_message(message, with_metadata=True),
    }


def update(store: SlackStore, args: Args) -> Doc:
    """https://docs.slack.dev/reference/methods/chat.update"""
    need(store, "chat:write")
    channel = _open_to_posts(store, str(args.get("channel") or ""))
    found = [one for one in store.messages_in(channel.id) if one.ts == args.get("ts")]
    if not found:
        raise SlackError("message_not_found")
    message = found[0]
    if message.bot_id != BOT_ID:
        raise SlackError("cant_update_message")
    message.text, message.blocks, metadata = _content(args)
    message.metadata = metadata or message.metadata
    message.edited = True
    return {"channel": channel.id, "ts": message.ts, "text": message.text}


def lookup_by_email(store: SlackStore, args: Args) -> Doc:
    """https://docs.slack.dev/reference/methods/users.lookupByEmail"""
    need(store, "users:read.email")
    need(store, "users:read")
    wanted = str(args.get("email") or "").casefold()
    for user in store.users.values():
        if user.email.casefold() == wanted:
            return {"user": as_user(user)}
    raise SlackError("users_not_found")


def user_info(store: SlackStore, args: Args) -> Doc:
    """https://docs.slack.dev/reference/methods/users.info"""
    need(store, "users:read")
    return {"user": as_user(_found_user(store, str(args.get("user") or "")))}


def open_direct(store: SlackStore, args: Args) -> Doc:
    """https://docs.slack.dev/reference/methods/conversations.open (with one person)"""
    need(store, "im:write")
    users = args.get("users") or ""
    ids = [str(one) for one in users] if isinstance(users, list) else str(users).split(",")
    if len(ids) != 1 or not ids[0]:
        raise SlackError("users_list_not_supplied")
    user = _found_user(store, ids[0])
    if user.deleted:
        raise SlackError("user_disabled")
    return {"channel": {"id": store.direct(user.id).id}}


def list_conversations(store: SlackStore, args: Args) -> Doc:
    """https://docs.slack.dev/reference/methods/conversations.list"""
    return _conversations(store, args, list(store.conversations.values()))


def own_conversations(store: SlackStore, args: Args) -> Doc:
    """https://docs.slack.dev/reference/methods/users.conversations"""
    return _conversations(store, args, [c for c in store.conversations.values() if c.joined])


def history(store: SlackStore, args: Args) -> Doc:
    """https://docs.slack.dev/reference/methods/conversations.history (newest first)"""
    channel = store.conversations.get(str(args.get("channel") or ""))
    if channel is None:
        raise SlackError("channel_not_found")
    need(store, f"{_GROUPS[_type(channel)]}:history")
    if not channel.joined:
        raise SlackError("not_in_channel")
    inclusive = truth(args.get("inclusive"))
    oldest, latest = str(args.get("oldest") or "0"), str(args.get("latest") or "inf")
    within = [
        one
        for one in reversed(store.messages_in(channel.id))
        if float(oldest) < float(one.ts) < float(latest)
        or (inclusive and one.ts in (oldest, latest))
    ]
    shown, cursor = page(args, within)
    everything = truth(args.get("include_all_metadata"))
    return {
        "messages": [as_message(one, everything) for one in shown],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def upload_url(store: SlackStore, args: Args) -> Doc:
    """https://docs.slack.dev/reference/methods/files.getUploadURLExternal; the caller makes the
    URL whole."""
    need(store, "files:write")
    length = str(args.get("length") or "")
    if not args.get("filename") or not length.isdecimal():
        raise SlackError("invalid_arguments")
    file = File(store.new_id("F"), str(args["filename"]), int(length))
    store.files[file.id] = file
    return {"upload_url": f"/upload/v1/{file.id}", "file_id": file.id}


def complete_upload(store: SlackStore, args: Args) -> Doc:
    """https://docs.slack.dev/reference/methods/files.completeUploadExternal"""
    need(store, "files:write")
    wanted = as_json(args.get("files"))
    if not isinstance(wanted, list) or not wanted:
        raise SlackError("invalid_arguments")
    files = [store.files.get(str(one.get("id"))) for one in wanted]
    ready = [one for one in files if one and one.content is not None and not one.complete]
    if len(ready) != len(wanted):
        raise SlackError("file_not_found")
    if args.get("channel_id"):
        channel = _open_to_posts(store, str(args["channel_id"]))
        message = store.add_message(channel.id, str(args.get("initial_comment") or ""))
        message.bot_id, message.files = BOT_ID, [one.id for one in ready]
    for file, told in zip(ready, wanted, strict=True):
        file.complete, file.title = True, str(told.get("title") or file.name)
    return {"files": [{"id": one.id, "title": one.title} for one in ready]}


METHODS: dict[str, Callable[[SlackStore, Args], Doc]] = {
    "auth.test": auth_test,
    "chat.postMessage": post_message,
    "chat.update": update,
    "users.lookupByEmail": lookup_by_email,
    "users.info": user_info,
    "users.conversations": own_conversations,
    "conversations.open": open_direct,
    "conversations.list": list_conversations,
    "conversations.history": history,
    "files.getUploadURLExternal": upload_url,
    "files.completeUploadExternal": complete_upload,
}


def need(store: SlackStore, scope: str) -> None:
    """Refuses where the token lacks a scope."""
    if scope not in store.scopes:
        provided = ",".join(sorted(store.scopes))
        raise SlackError("missing_scope", needed=scope, provided=provided)


def _content(args: Args) -> tuple[str, list[Doc], Doc | None]:
    text = args.get("text") or ""
    blocks, metadata = as_json(args.get("blocks")), as_json(args.get("metadata"))
    refused = refusal(text, blocks, metadata)
    if refused:
        error, messages = refused
        raise SlackError(error, errors=messages, response_metadata={"messages": messages})
    return (
        str(text),
        blocks if isinstance(blocks, list) else [],
        metadata if isinstance(metadata, dict) else None,
    )


def _open_to_posts(store: SlackStore, wanted: str) -> Conversation:
    channel = store.conversations.get(wanted)
    if channel is None:
        named = [c for c in store.conversations.values() if c.name == wanted.removeprefix("#")]
        channel = next((one for one in named if one.direct_with is None), None)
    if channel is None or (channel.private and not channel.joined):
        raise SlackError("channel_not_found")
    if channel.archived:
        raise SlackError("is_archived")
    if not channel.joined:
        raise SlackError("not_in_channel")
    return channel


def _found_user(store: SlackStore, wanted: str) -> User:
    if wanted not in store.users:
        raise SlackError("user_not_found")
    return store.users[wanted]


def _conversations(store: SlackStore, args: Args, found: list[Conversation]) -> Doc:
    types = str(args.get("types") or "public_channel").split(",")
    for one in types:
        need(store, f"{_GROUPS.get(one, one)}:read")
    live = [one for one in found if not (one.archived and truth(args.get("exclude_archived")))]
    shown, cursor = page(args, [one for one in live if _type(one) in types])
    return {
        "channels": [as_conversation(one) for one in shown],
        "response_metadata": {"next_cursor": cursor},
    }


_GROUPS = {"public_channel": "channels", "private_channel": "groups", "im": "im"}
"""The scopes of each type of conversation begin with these words."""


def _type(one: Conversation) -> str:
    if one.direct_with:
        return "im"
    return "private_channel" if one.private else "public_channel"
