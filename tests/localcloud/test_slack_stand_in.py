"""The local Slack refuses what the real one refuses, and its page shows text as text."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from hygiene.localcloud.slack import (
    Broken,
    CutShort,
    LostAnswer,
    RateLimited,
    Refused,
    SlackStore,
)
from tests.slack.running import NOW, TOKEN, serving

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*hello*"}}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[SlackStore, str]]:
    store = SlackStore(TOKEN, clock=lambda: NOW)
    with serving(store) as url:
        yield store, url


@pytest.fixture
def store(served: tuple[SlackStore, str]) -> SlackStore:
    served[0].clear()
    served[0].users.clear()
    served[0].conversations.clear()
    return served[0]


@pytest.fixture
def url(served: tuple[SlackStore, str]) -> str:
    return served[1]


@pytest.fixture
def client(url: str) -> WebClient:
    return WebClient(TOKEN, base_url=f"{url}/api/", retry_handlers=[])


def refused(call: Any, **args: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**args)
    return str(caught.value.response["error"])


def raw(url: str, body: bytes, content_type: str, token: str = TOKEN) -> Any:
    headers = {"Content-Type": content_type, "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"{url}/api/auth.test", body, headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{}", "application/json;charset=utf-8"),
        (b"", "application/x-www-form-urlencoded"),
        (b"a=b&c=", "application/x-www-form-urlencoded"),
    ],
)
def test_json_form_and_empty_bodies_are_read(
    store: SlackStore, url: str, body: bytes, content_type: str
) -> None:
    assert raw(url, body, content_type)["ok"]


def test_the_token_is_checked_and_never_kept(store: SlackStore, url: str) -> None:
    form = "application/x-www-form-urlencoded"
    assert raw(url, b"", form, token="xoxb-no")["error"] == "invalid_auth"
    assert raw(url, b"", form, token="")["error"] == "not_authed"
    assert raw(url, f"token={TOKEN}".encode(), form, token="")["error"] == "not_authed"
    assert TOKEN not in repr(store.requests)


def test_a_message_goes_out_by_id_and_by_name_and_is_updated(
    store: SlackStore, client: WebClient
) -> None:
    channel = store.add_channel("data")
    first = client.chat_postMessage(channel="#data", text="one")
    second = client.chat_postMessage(channel=channel, text="two", blocks=[SECTION])
    client.chat_update(channel=channel, ts=str(first["ts"]), text="better")

    assert first["channel"] == second["channel"] == channel
    assert str(first["ts"]) < str(second["ts"])
    assert [one.text for one in store.messages_in(channel)] == ["better", "two"]
    assert refused(client.chat_update, channel=channel, ts="1.0", text="x") == "message_not_found"
    other = store.add_message(channel, "not mine")
    assert (
        refused(client.chat_update, channel=channel, ts=other.ts, text="x") == "cant_update_message"
    )


def test_conversations_that_are_closed_to_the_bot(store: SlackStore, client: WebClient) -> None:
    store.add_channel("open-but-not-in", joined=False)
    store.add_channel("secret", private=True, joined=False)
    old = store.add_channel("old")
    store.conversations[old].archived = True
    post = client.chat_postMessage
    assert refused(post, channel="#nowhere", text="x") == "channel_not_found"
    assert refused(post, channel="#open-but-not-in", text="x") == "not_in_channel"
    assert refused(post, channel="#secret", text="x") == "channel_not_found"
    assert refused(post, channel="#old", text="x") == "is_archived"


def text_of(length: int) -> dict[str, object]:
    return {"type": "mrkdwn", "text": "x" * length}


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({}, "no_text"),
        ({"text": "x" * 4001}, "msg_too_long"),
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "text": text_of(3001)}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "text": text_of(0)}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "fields": [text_of(1)] * 11}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "fields": [text_of(2001)]}]}, "invalid_blocks"),
        ({"blocks": [{"type": "header", "text": text_of(1)}]}, "invalid_blocks"),
        (
            {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]},
            "invalid_blocks",
        ),
        ({"blocks": [{"type": "context", "elements": [text_of(1)] * 11}]}, "invalid_blocks"),
        ({"blocks": [{"type": "rich_text", "elements": []}]}, "invalid_blocks"),
        (
            {"blocks": [{"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}]},
            "invalid_blocks",
        ),
        ({"blocks": [{"type": "marquee"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "divider", "block_id": "x" * 256}]}, "invalid_blocks"),
        ({"blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"blocks": [{"type": "section", "text": text_of(2900)}] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "metadata": {"event_type": ""}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
    ],
)
def test_limits(store: SlackStore, client: WebClient, message: dict[str, Any], error: str) -> None:
    store.add_channel("data")
    found = refused(
        client.api_call, api_method="chat.postMessage", json={"channel": "#data"} | message
    )
    assert found == error
    assert store.messages == []


def test_the_limits_themselves_are_allowed(store: SlackStore, client: WebClient) -> None:
    channel = store.add_channel("data")
    header = {"type": "header", "text": {"type": "plain_text", "text": "x" * 150}}
    client.chat_postMessage(
        channel=channel,
        text="x" * 4000,
        blocks=[header, {"type": "section", "text": text_of(3000)}, *[{"type": "divider"}] * 48],
    )
    assert len(store.messages) == 1


def test_people_are_found_by_address_and_told_directly(
    store: SlackStore, client: WebClient
) -> None:
    anna = store.add_user("Anna@example.com", "Anna")
    gone = store.add_user("gone@example.com", "Gone", deleted=True)

    found = client.users_lookupByEmail(email="anna@EXAMPLE.com")["user"]
    opened = client.conversations_open(users=[anna])["channel"]["id"]

    assert found["id"] == anna
    assert client.users_info(user=gone)["user"]["deleted"] is True
    assert client.conversations_open(users=[anna])["channel"]["id"] == opened
    assert refused(client.users_lookupByEmail, email="no@example.com") == "users_not_found"
    assert refused(client.users_info, user="U0") == "user_not_found"
    assert refused(client.conversations_open, users=["U0"]) == "user_not_found"
    assert refused(client.conversations_open, users=[gone]) == "user_disabled"


def test_conversations_are_listed_by_type_and_page(store: SlackStore, client: WebClient) -> None:
    for number in range(5):
        store.add_channel(f"data-{number}", joined=number < 3)
    store.add_channel("secret", private=True)

    def names(pages: Any) -> list[str]:
        return [channel["name"] for page in pages for channel in page["channels"]]

    assert names(client.conversations_list(limit=2)) == [f"data-{number}" for number in range(5)]
    both = client.users_conversations(types="public_channel,private_channel", limit=2)
    assert names(both) == ["data-0", "data-1", "data-2", "secret"]


def test_history_is_newest_first_in_pages_and_within_its_bounds(
    store: SlackStore, client: WebClient
) -> None:
    channel = store.add_channel("data")
    sent = [store.add_message(channel, str(number)).ts for number in range(5)]

    pages = [
        [message["text"] for message in page["messages"]]
        for page in client.conversations_history(channel=channel, limit=2)
    ]
    after = client.conversations_history(channel=channel, oldest=sent[3])
    from_there = client.conversations_history(channel=channel, oldest=sent[3], inclusive=True)

    assert pages == [["4", "3"], ["2", "1"], ["0"]]
    assert [message["text"] for message in after["messages"]] == ["4"]
    assert [message["text"] for message in from_there["messages"]] == ["4", "3"]
    assert refused(client.conversations_history, channel="C0") == "channel_not_found"
    assert refused(client.conversations_history, channel=channel, limit=1000) == "invalid_limit"


def test_metadata_is_shown_only_to_who_asks(store: SlackStore, client: WebClient) -> None:
    channel = store.add_channel("data")
    metadata = {"event_type": "note", "event_payload": {"key": "1"}}
    client.chat_postMessage(channel=channel, text="x", metadata=metadata)

    (plain,) = client.conversations_history(channel=channel)["messages"]
    (full,) = client.conversations_history(channel=channel, include_all_metadata=True)["messages"]

    assert "metadata" not in plain
    assert full["metadata"] == metadata


def test_a_missing_scope_is_named(store: SlackStore, client: WebClient) -> None:
    granted, store.scopes = store.scopes, frozenset({"chat:write"})
    try:
        with pytest.raises(SlackApiError) as caught:
            client.users_lookupByEmail(email="anna@example.com")
    finally:
        store.scopes = granted
    assert caught.value.response["needed"] == "users:read.email"
    assert caught.value.response["provided"] == "chat:write"


def test_a_file_goes_up_in_three_steps(store: SlackStore, client: WebClient) -> None:
    channel = store.add_channel("data")

    client.files_upload_v2(channel=channel, filename="report.txt", content="42", title="Report")

    (file,) = store.files.values()
    assert (file.content, file.complete, file.title) == (b"42", True, "Report")
    assert [message.files for message in store.messages_in(channel)] == [[file.id]]
    complete = client.files_completeUploadExternal
    assert refused(complete, files=[{"id": file.id, "title": "again"}]) == "file_not_found"
    assert refused(complete, files=[{"id": "F0", "title": "x"}]) == "file_not_found"


@pytest.mark.parametrize(
    ("fault", "done"),
    [
        (RateLimited(3), 0),
        (Refused("fatal_error"), 0),
        (Broken(502), 0),
        (LostAnswer(), 1),
        (CutShort(), 1),
    ],
)
def test_faults_come_as_often_as_told_and_then_no_more(
    store: SlackStore, client: WebClient, fault: RateLimited, done: int
) -> None:
    channel = store.add_channel("data")
    store.fail("chat.postMessage", fault, times=2)
    for _ in range(2):
        with pytest.raises((SlackApiError, ValueError)):
            client.chat_postMessage(channel=channel, text="x")
    assert len(store.messages) == 2 * done

    client.chat_postMessage(channel=channel, text="x")
    assert len(store.messages) == 2 * done + 1
    assert len(store.calls("chat.postMessage")) == 3


def test_a_rate_limit_says_how_long_to_wait(store: SlackStore, client: WebClient) -> None:
    store.fail("auth.test", RateLimited(3))
    with pytest.raises(SlackApiError) as caught:
        client.auth_test()
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "3"


def test_an_unknown_method_is_refused(store: SlackStore, client: WebClient) -> None:
    assert refused(client.api_call, api_method="chat.shout") == "unknown_method"


def page(url: str) -> str:
    with urllib.request.urlopen(url) as answer:
        return str(answer.read().decode())


def test_the_inbox_renders_markup_and_escapes_everything_else(
    store: SlackStore, client: WebClient, url: str
) -> None:
    channel = store.add_channel("<i>data</i>")
    anna = store.add_user("anna@example.com", "Anna")
    client.conversations_open(users=[anna])
    client.chat_postMessage(
        channel=channel,
        text=f"*bold* `a*b*c` <https://example.com|a &amp; b> <@{anna}> <!here> "
        "<!date^1773453600^{date_num} at {time}|then> <javascript:alert(1)|x> <script>alert(2)",
    )
    shown = page(url)
    assert "<strong>bold</strong>" in shown
    assert "<code>a*b*c</code>" in shown
    assert '<a href="https://example.com" rel="noreferrer">a &amp; b</a>' in shown
    assert '<span class="mention">@Anna</span>' in shown
    assert "2026-03-14 at 02:00</time>" in shown
    assert "javascript:" not in shown.replace("&lt;javascript:alert(1)|x&gt;", "")
    assert "<script" not in shown
    assert "<i>data" not in shown
    assert "http://" not in shown.replace(url, "")


def test_the_inbox_shows_rich_text_as_it_is(store: SlackStore, client: WebClient, url: str) -> None:
    channel = store.add_channel("data")
    parts = [
        {"type": "text", "text": "<b>*not bold*</b> "},
        {"type": "text", "text": "bold", "style": {"bold": True}},
        {"type": "link", "url": "javascript:alert(1)", "text": "click"},
        {"type": "date", "timestamp": 1773453600, "format": "{date_num}", "fallback": "then"},
        {"type": "broadcast", "range": "here"},
    ]
    bullets = {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [{"type": "rich_text_section", "elements": parts}],
    }
    client.chat_postMessage(
        channel=channel, text="x", blocks=[{"type": "rich_text", "elements": [bullets]}]
    )
    shown = page(url)
    assert "<li>&lt;b&gt;*not bold*&lt;/b&gt; <strong>bold</strong>" in shown
    assert '<a href="#" rel="noreferrer">click</a>' in shown
    assert '<time title="then">2026-03-14</time>' in shown


def test_the_inbox_shows_every_kind_of_block(
    store: SlackStore, client: WebClient, url: str
) -> None:
    channel = store.add_channel("data")
    part = {"type": "text", "text": "<part>", "style": {"code": True}}
    rich = [
        {"type": "rich_text_quote", "elements": [part]},
        {"type": "rich_text_preformatted", "elements": [{"type": "emoji", "name": "tada"}]},
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "user", "user_id": "U0"},
                {"type": "channel", "channel_id": channel},
            ],
        },
    ]
    client.chat_postMessage(
        channel=channel,
        text="not shown where there are blocks",
        blocks=[
            {"type": "header", "text": {"type": "plain_text", "text": "<head>"}},
            SECTION | {"fields": [{"type": "plain_text", "text": "*as it is*"}]},
            {"type": "divider"},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "_small_"}]},
            {"type": "rich_text", "elements": rich},
        ],
    )
    shown = page(url)
    assert "not shown" not in shown
    for expected in (
        "<h3>&lt;head&gt;</h3>",
        "<p><strong>hello</strong></p>",
        "<div>*as it is*</div>",
        "<hr>",
        '<p class="context"><span><em>small</em></span></p>',
        "<blockquote><code>&lt;part&gt;</code></blockquote>",
        "<pre>:tada:</pre>",
        '<span class="mention">@U0</span><span class="mention">#data</span>',
    ):
        assert expected in shown


def test_an_empty_workspace_has_a_page(store: SlackStore, url: str) -> None:
    assert "This workspace has no channels." in page(url)
