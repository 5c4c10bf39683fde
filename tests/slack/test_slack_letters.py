"""What is said: golden messages, and what holds for every note."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from hygiene.localcloud.slack.limits import refusal
from hygiene.model.finding import Owner
from hygiene.model.money import Money
from hygiene.model.note import DigestNote, FailureNote, Note, NoteItem, OwnerNote, Undelivered
from hygiene.model.resource import ResourceRef
from hygiene.slack import TerminalMessenger
from hygiene.slack.blocks import Message, escaped, messages
from hygiene.slack.notes import letter
from tests.slack.running import NOW
from tests.slack.some_notes import (
    ANNA,
    HOSTILE,
    digest_note,
    failure_note,
    hostile_note,
    item,
    owner_note,
    quiet_digest,
    three_items,
)

NOTES: dict[str, Note] = {
    "owner_one": owner_note(),
    "owner_three": three_items(),
    "owner_asked": owner_note(replace(item(monthly=None), due=None, mode="notify")),
    "owner_hostile": hostile_note(),
    "digest": digest_note(),
    "digest_quiet": quiet_digest(),
    "failure": failure_note(),
}

DETOUR = "This is posted here because Slack knows nobody with this e-mail address."


class GoldenText(SingleFileSnapshotExtension):
    file_extension = "txt"
    _write_mode = WriteMode.TEXT


def posted(note: Note, detour: str = "") -> tuple[Message, ...]:
    return messages(letter(note, "keep", detour))


def as_docs(found: tuple[Message, ...]) -> list[dict[str, object]]:
    return [{"text": one.text, "blocks": [b.to_dict() for b in one.blocks]} for one in found]


def printed(note: Note) -> str:
    shown: list[str] = []
    delivery = TerminalMessenger(shown.append, lambda: NOW).tell(note)
    assert delivery == Undelivered("no Slack is configured: printed instead")
    return "".join(shown)


@pytest.mark.parametrize("name", NOTES)
def test_golden_blocks(name: str, snapshot: SnapshotAssertion) -> None:
    assert as_docs(posted(NOTES[name])) == snapshot(extension_class=JSONSnapshotExtension)


def test_golden_blocks_of_a_detour(snapshot: SnapshotAssertion) -> None:
    found = as_docs(posted(owner_note(), DETOUR))
    assert found == snapshot(extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("name", NOTES)
def test_golden_terminal(name: str, snapshot: SnapshotAssertion) -> None:
    assert printed(NOTES[name]) == snapshot(extension_class=GoldenText)


def test_the_keep_tag_is_the_one_of_the_estate() -> None:
    (message,) = messages(letter(owner_note(), "do-not-touch", ""))
    assert "do-not-touch = true" in json.dumps([one.to_dict() for one in message.blocks])


def test_a_command_that_is_pasted_runs_no_other() -> None:
    assert "'arn:aws:sagemaker:eu-central-1:1:endpoint/x; rm -rf ~" in printed(hostile_note())


@pytest.mark.parametrize(("count", "shown"), [(0, "0 gaps"), (1, "1 gap"), (40, "40 gaps")])
def test_gaps_are_always_counted(count: int, shown: str) -> None:
    text = printed(replace(digest_note(), gaps=tuple(f"place {n}" for n in range(count))))
    assert f"- {shown}: " in text
    assert ("and 30 more, see the report" in text) == (count == 40)


def test_the_dearest_are_cut_and_the_rest_is_counted() -> None:
    items = tuple(item(f"endpoint-{n}") for n in range(12))
    text = printed(replace(digest_note(), found=14, items=items))
    assert "endpoint-9 " in text
    assert "endpoint-10 " not in text
    assert "and 4 more, see the report" in text


def test_what_quotes_markup_is_escaped() -> None:
    assert escaped("<!here> & <@U1>") == "&lt;!here&gt; &amp; &lt;@U1&gt;"


amounts = st.none() | st.decimals(0, 10**7, places=4).map(
    lambda found: Money(Decimal(found), datetime(2025, 1, 15, tzinfo=UTC).date())
)
texts = st.text(max_size=10) | st.sampled_from(
    ["", HOSTILE, "long " * 400, "\N{GRINNING FACE}" * 700]
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
owners = st.builds(Owner, st.none() | texts, st.none() | texts)
items = st.builds(
    NoteItem,
    change_id=texts,
    check=texts,
    ref=st.builds(ResourceRef, st.just("aws"), texts, texts, st.just("endpoint"), texts),
    owner=owners,
    reason=texts,
    monthly=amounts,
    due=st.none() | moments,
    held_because=st.none() | texts,
)
notes = (
    st.builds(OwnerNote, texts, owners, st.lists(items, min_size=1, max_size=12).map(tuple))
    | st.builds(
        DigestNote,
        plan_id=texts,
        digest=texts,
        made_at=moments,
        monthly=amounts,
        saved_monthly=amounts,
        saved_so_far=amounts,
        gaps=st.lists(texts, max_size=15).map(tuple),
        items=st.lists(items, max_size=12).map(tuple),
    )
    | st.builds(FailureNote, texts, texts, texts)
)


@settings(max_examples=60)
@given(notes, texts)
def test_slack_takes_every_note(note: Note, detour: str) -> None:
    for message in posted(note, detour):
        blocks = [block.to_dict() for block in message.blocks]
        for block in message.blocks:
            block.validate_json()
        assert refusal(message.text, blocks, None) is None
        assert not set(message.text) & {"<", ">", "\n", "\x1b"}


@settings(max_examples=25)
@given(st.lists(items, min_size=1, max_size=25))
def test_an_owner_is_told_of_every_item(found: list[NoteItem]) -> None:
    named = [replace(one, change_id=f"chg-{number}-") for number, one in enumerate(found)]
    due = [one for one in named if one.due]
    text = json.dumps([as_docs(posted(OwnerNote("key", ANNA, tuple(named))))])
    assert all(f"hygiene undo {one.change_id} --write" in text for one in due)


@settings(max_examples=60)
@given(notes)
def test_a_terminal_is_told_no_commands(note: Note) -> None:
    assert all(one.isprintable() or one == "\n" for one in printed(note))
