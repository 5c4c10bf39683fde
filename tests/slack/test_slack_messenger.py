"""Deliveries over the wire, against the local Slack."""

from __future__ import annotations

import json
import logging
import socket
from dataclasses import replace
from datetime import timedelta

import pytest

from hygiene.estate import Slack
from hygiene.localcloud.slack import (
    Broken,
    CutShort,
    LostAnswer,
    RateLimited,
    Refused,
)
from hygiene.localcloud.slack.methods import METHODS
from hygiene.localcloud.slack.store import Message
from hygiene.model.finding import Owner
from hygiene.model.note import Delivered, Note, Undelivered
from hygiene.slack import SCOPES, slack_messenger
from tests.slack.running import NOW, TOKEN, LocalSlack
from tests.slack.some_notes import (
    HOSTILE,
    digest_note,
    failure_note,
    hostile_note,
    item,
    owner_note,
)


def posted(workspace: LocalSlack) -> list[Message]:
    return workspace.store.messages


def undelivered(workspace: LocalSlack, note: Note) -> str:
    """Tells a note that cannot arrive; nothing may be posted. Returns the reason."""
    delivery = workspace.messenger().tell(note)
    assert isinstance(delivery, Undelivered)
    assert posted(workspace) == []
    assert TOKEN not in delivery.reason
    return delivery.reason


def said(message: Message) -> str:
    return json.dumps(message.blocks, ensure_ascii=False)


def test_an_owner_is_told_directly(workspace: LocalSlack) -> None:
    delivery = workspace.messenger().tell(owner_note())

    (message,) = posted(workspace)
    assert delivery == Delivered(NOW, message.channel, message.ts)
    assert workspace.store.conversations[message.channel].direct_with == workspace.anna
    assert "posted here because" not in said(message)


@pytest.mark.parametrize(
    ("owner", "channel", "because"),
    [
        (Owner("gone@example.com", "vision"), "vision", "nobody with this e-mail address"),
        (Owner("gone@example.com", "audio"), "channel", "no channel is set for team audio"),
        (Owner("gone@example.com", None), "channel", "nobody with this e-mail address"),
        (Owner("left@example.com", "vision"), "vision", "account is closed"),
        (Owner(None, "vision"), "vision", "no owner tag"),
        (Owner(None, None), "channel", "no owner tag"),
    ],
)
def test_who_cannot_be_told_directly_is_told_by_the_team_or_everybody(
    workspace: LocalSlack, owner: Owner, channel: str, because: str
) -> None:
    workspace.store.add_user("left@example.com", "Left", deleted=True)

    delivery = workspace.messenger().tell(owner_note(owner=owner))

    assert isinstance(delivery, Delivered)
    (message,) = posted(workspace)
    assert message.channel == getattr(workspace, channel)
    assert because in said(message)
    assert (owner.email or owner.team or "whoever owns this") in said(message)


@pytest.mark.parametrize("note", [digest_note(), failure_note()])
def test_what_concerns_all_goes_to_the_default_channel(workspace: LocalSlack, note: Note) -> None:
    assert isinstance(workspace.messenger().tell(note), Delivered)
    assert [one.channel for one in posted(workspace)] == [workspace.channel]


def test_a_channel_may_be_named_by_its_id(workspace: LocalSlack) -> None:
    slack = Slack(channel=workspace.vision)
    messenger = slack_messenger(TOKEN, f"{workspace.url}/api/", slack, lambda: NOW)
    assert isinstance(messenger.tell(digest_note()), Delivered)
    assert [one.channel for one in posted(workspace)] == [workspace.vision]


def test_a_rate_limit_is_waited_out(workspace: LocalSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    methods = ("users.lookupByEmail", "conversations.history", "chat.postMessage")
    for method in methods:
        workspace.store.fail(method, RateLimited(retry_after=30))

    assert isinstance(workspace.messenger().tell(owner_note()), Delivered)

    assert len(posted(workspace)) == 1
    assert len(waits) == 3
    assert min(waits) >= 30
    for method in methods:
        answers = [one.answered for one in workspace.store.calls(method)]
        assert answers == ["ratelimited", "ok"]


def test_a_worker_that_died_after_the_post_does_not_post_again(workspace: LocalSlack) -> None:
    earlier = NOW - timedelta(hours=20)
    workspace.store.clock = lambda: earlier
    workspace.messenger().tell(owner_note())
    workspace.store.clock = lambda: NOW

    again = workspace.messenger().tell(owner_note())

    (message,) = posted(workspace)
    assert again == Delivered(earlier, message.channel, message.ts)


def test_it_is_found_behind_more_messages_than_a_page_holds(workspace: LocalSlack) -> None:
    first = workspace.messenger().tell(digest_note())
    for number in range(450):
        workspace.store.add_message(workspace.channel, f"chatter {number}")

    again = workspace.messenger().tell(digest_note())

    assert isinstance(first, Delivered)
    assert isinstance(again, Delivered)
    assert again.message_id == first.message_id
    assert len(workspace.store.calls("conversations.history")) == 1 + 3


def test_another_note_is_another_message(workspace: LocalSlack) -> None:
    messenger = workspace.messenger()
    messenger.tell(owner_note())
    messenger.tell(replace(owner_note(), key="plan-2:anna@example.com"))
    assert len(posted(workspace)) == 2


def test_the_same_metadata_from_another_app_proves_nothing(workspace: LocalSlack) -> None:
    metadata = {
        "event_type": "hygiene_note",
        "event_payload": {"key": digest_note().key, "part": 1},
    }
    forged = workspace.store.add_message(workspace.channel, "trust me", metadata=metadata)

    delivery = workspace.messenger().tell(digest_note())

    assert isinstance(delivery, Delivered)
    assert delivery.message_id != forged.ts
    assert len(posted(workspace)) == 2


@pytest.mark.parametrize("fault", [LostAnswer(), CutShort()])
def test_a_post_whose_answer_was_lost_is_found_and_not_repeated(
    workspace: LocalSlack, fault: LostAnswer | CutShort
) -> None:
    workspace.store.fail("chat.postMessage", fault)

    delivery = workspace.messenger().tell(owner_note())

    (message,) = posted(workspace)
    assert delivery == Delivered(NOW, message.channel, message.ts)
    assert len(workspace.store.calls("chat.postMessage")) == 1


def test_a_post_that_was_not_heard_is_undelivered_and_comes_with_the_next_run(
    workspace: LocalSlack,
) -> None:
    workspace.store.fail("chat.postMessage", Broken(503))
    assert "HTTP 503" in undelivered(workspace, owner_note())

    assert isinstance(workspace.messenger().tell(owner_note()), Delivered)
    assert len(posted(workspace)) == 1


def test_without_a_look_into_the_history_nothing_is_posted(workspace: LocalSlack) -> None:
    workspace.store.fail("conversations.history", Refused("internal_error"))
    assert "conversations.history" in undelivered(workspace, owner_note())
    assert workspace.store.calls("chat.postMessage") == []


def test_many_items_are_all_named_in_as_many_messages_as_it_takes(workspace: LocalSlack) -> None:
    items = tuple(item(f"endpoint-{number:03d}") for number in range(60))

    delivery = workspace.messenger().tell(owner_note(*items))

    messages = posted(workspace)
    assert isinstance(delivery, Delivered)
    assert delivery.message_id == messages[0].ts
    assert 1 < len(messages) < 10
    for one in items:
        assert sum(one.ref.id in said(message) for message in messages) == 1
    assert f"(2 of {len(messages)})" in said(messages[1])


def test_a_note_that_broke_off_in_its_middle_is_only_completed(workspace: LocalSlack) -> None:
    items = tuple(item(f"endpoint-{number:03d}") for number in range(60))
    workspace.messenger().tell(owner_note(*items))
    whole = [message.metadata for message in posted(workspace)]
    del workspace.store.messages[1:]

    delivery = workspace.messenger().tell(owner_note(*items))

    assert isinstance(delivery, Delivered)
    assert [message.metadata for message in posted(workspace)] == whole


@pytest.mark.parametrize("scope", SCOPES)
def test_every_scope_that_is_asked_for_is_needed_and_named_where_it_lacks(
    workspace: LocalSlack, scope: str
) -> None:
    workspace.store.scopes -= {scope}
    workspace.store.add_channel("secret", private=True)
    slack = Slack(channel="#cloud-hygiene", teams={"vision": "#secret"})
    messenger = slack_messenger(TOKEN, f"{workspace.url}/api/", slack, lambda: NOW)
    told = (owner_note(), owner_note(owner=Owner(None, "vision")), digest_note())

    deliveries = [messenger.tell(note) for note in told]

    reasons = [one.reason for one in deliveries if isinstance(one, Undelivered)]
    assert reasons
    assert all(f"add the OAuth scope {scope} to the Slack app" in one for one in reasons)


def test_a_channel_without_the_bot_asks_for_an_invitation(workspace: LocalSlack) -> None:
    workspace.store.conversations[workspace.channel].joined = False
    assert "invite the bot to #cloud-hygiene" in undelivered(workspace, digest_note())


def test_a_channel_that_the_bot_was_thrown_out_of_asks_for_an_invitation(
    workspace: LocalSlack,
) -> None:
    workspace.store.fail("chat.postMessage", Refused("not_in_channel"))
    assert "invite the bot to #cloud-hygiene" in undelivered(workspace, digest_note())


def test_an_archived_channel_is_not_found_among_the_channels(workspace: LocalSlack) -> None:
    workspace.store.conversations[workspace.channel].archived = True
    assert "#cloud-hygiene" in undelivered(workspace, digest_note())


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        (Refused("account_inactive"), "check the bot token"),
        (Refused("some_new_error"), "some_new_error"),
        (RateLimited(0), "more patience"),
        (CutShort(), "could not be read"),
    ],
)
def test_any_other_failure_is_told_and_nothing_is_lost(
    workspace: LocalSlack,
    monkeypatch: pytest.MonkeyPatch,
    fault: Refused | RateLimited | CutShort,
    hint: str,
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    workspace.store.fail("users.lookupByEmail", fault, times=1 + 5 * isinstance(fault, RateLimited))
    assert hint in undelivered(workspace, owner_note())
    assert isinstance(workspace.messenger().tell(owner_note()), Delivered)


def test_an_answer_of_another_shape_is_undelivered(
    workspace: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(METHODS, "auth.test", lambda _store, _args: {})
    assert "unknown shape: KeyError('bot_id')" in undelivered(workspace, owner_note())


def test_a_wrong_token_is_not_repeated_in_the_reason(workspace: LocalSlack) -> None:
    delivery = workspace.messenger(token="xoxb-stolen").tell(digest_note())
    assert isinstance(delivery, Undelivered)
    assert "check the bot token" in delivery.reason
    assert "stolen" not in delivery.reason


@pytest.mark.parametrize("token", ["", "  ", "xoxb-1\nX-Evil: 1", "xoxb-ü"])
def test_a_token_that_cannot_be_sent_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(ValueError, match="the Slack token is empty or holds characters"):
        slack_messenger(token, None, Slack(), lambda: NOW)


def test_no_secret_reaches_the_log(workspace: LocalSlack, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    workspace.store.fail("users.lookupByEmail", CutShort())
    workspace.messenger().tell(owner_note())
    assert TOKEN not in caplog.text


def test_a_slack_that_cannot_be_reached_is_undelivered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/api/"
        delivery = slack_messenger(TOKEN, url, Slack(), lambda: NOW).tell(digest_note())
    assert isinstance(delivery, Undelivered)
    assert "could not be reached" in delivery.reason


def test_what_can_be_repeated_is_repeated(
    workspace: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    workspace.store.fail("conversations.history", Broken(503), times=2)
    assert isinstance(workspace.messenger().tell(digest_note()), Delivered)


def test_a_slack_that_does_not_answer_is_undelivered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hygiene.slack.wire.TIMEOUT_SECONDS", 0.05)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api/"
        delivery = slack_messenger(TOKEN, url, Slack(), lambda: NOW).tell(digest_note())
    assert isinstance(delivery, Undelivered)
    assert "did not answer users.conversations in time" in delivery.reason


def test_hostile_names_are_shown_and_do_nothing(workspace: LocalSlack) -> None:
    assert isinstance(workspace.messenger().tell(hostile_note()), Delivered)

    (message,) = posted(workspace)
    (call,) = workspace.store.calls("chat.postMessage")
    assert {block["type"] for block in message.blocks} == {"header", "rich_text"}
    assert "<!" not in message.text
    assert "<https" not in message.text
    assert "\n" not in message.text
    assert call.args["link_names"] is False
    assert call.args["parse"] == "none"
    assert call.args["unfurl_links"] is call.args["unfurl_media"] is False
    assert HOSTILE.split("\n", maxsplit=1)[0][:60] in said(message)
    assert "\\u001b" not in said(message)
    assert "\u202e" not in said(message)
