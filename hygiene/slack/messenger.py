"""Tells people on Slack, each note once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hygiene.estate import Slack
from hygiene.model.finding import Owner
from hygiene.model.note import Delivered, Delivery, Note, OwnerNote, Undelivered
from hygiene.ports import Clock
from hygiene.slack.blocks import messages
from hygiene.slack.failures import SlackFailure
from hygiene.slack.notes import letter
from hygiene.slack.wire import Wire

LOOK_BACK = timedelta(days=8)
"""How far back a conversation is searched for a note whose delivery nobody recorded: a worker
that died is followed by the run of the next night, or of the next week."""

_NOBODY_THERE = {
    "users_not_found": "Slack knows nobody with this e-mail address",
    "user_not_found": "Slack knows nobody with this e-mail address",
    "user_not_visible": "the bot may not see this person on Slack",
    "user_disabled": "this person's Slack account is closed",
    "cannot_dm_bot": "this e-mail address belongs to an app",
}
"""Answers that mean that an owner can never be told directly."""


@dataclass(frozen=True, slots=True)
class _Destination:
    """A conversation's id, what people call it, and why it is not the owner's, where it is not."""

    channel: str
    where: str
    detour: str


def slack_messenger(
    token: str, base_url: str | None, slack: Slack, clock: Clock, keep_tag: str = "keep"
) -> SlackMessenger:
    """A messenger for one workspace, with a bot token; `base_url` is None for the real Slack, and
    ends in `/api/`.

    `keep_tag` is the tag that messages tell owners to set. Raises ValueError for a token that
    could not be sent.
    """
    return SlackMessenger(Wire(token, base_url), slack, clock, keep_tag)


class SlackMessenger:
    """Posts notes. Not for use by several threads at once."""

    def __init__(self, wire: Wire, slack: Slack, clock: Clock, keep_tag: str) -> None:
        self._wire = wire
        self._slack = slack
        self._clock = clock
        self._keep_tag = keep_tag

    def tell(self, note: Note) -> Delivery:
        """Posts the note, unless a message with its key is there already.

        An owner without an address, or unknown to Slack, is told in the team's channel, else in
        the default one. Where the conversation's history cannot be read nothing is posted: better
        late than twice.
        """
        try:
            return self._deliver(note, self._destination(note))
        except SlackFailure as reason:
            return Undelivered(str(reason))

    def _destination(self, note: Note) -> _Destination:
        if not isinstance(note, OwnerNote):
            return self._channel(self._slack.channel, detour="")
        if note.owner.email is None:
            return self._instead(note.owner, "no owner tag names an e-mail address")
        try:
            user = self._wire.user(note.owner.email)
            return _Destination(self._wire.direct(user), note.owner.email, detour="")
        except SlackFailure as reason:
            if reason.code not in _NOBODY_THERE:
                raise
            return self._instead(note.owner, _NOBODY_THERE[reason.code])

    def _instead(self, owner: Owner, because: str) -> _Destination:
        name = self._slack.teams.get(owner.team or "")
        if name is None and owner.team:
            because += f" and no channel is set for team {owner.team}"
        detour = (
            f"This is posted here because {because}. Please pass it on, and mend the owner tag."
        )
        return self._channel(name or self._slack.channel, detour)

    def _channel(self, name: str, detour: str) -> _Destination:
        return _Destination(self._wire.channel(name), name, detour)

    def _deliver(self, note: Note, to: _Destination) -> Delivered:
        pages = messages(letter(note, self._keep_tag, to.detour))
        since = self._clock() - LOOK_BACK
        ids = self._wire.posted(note.key, to.channel, since, to.where)
        at = max(_sent(one) for one in ids.values()) if ids else self._clock()
        for part, page in enumerate(pages, start=1):
            if part in ids:
                continue
            try:
                ids[part] = self._wire.post(page, note.key, part, to.channel, to.where)
            except SlackFailure:
                # It may have been heard although the answer was lost: only the history knows.
                ids |= self._wire.posted(note.key, to.channel, since, to.where)
                if part not in ids:
                    raise
            at = self._clock()
        return Delivered(at, to.channel, ids[1])


def _sent(message_id: str) -> datetime:
    """Slack's message ids are the time of the message in Unix seconds."""
    return datetime.fromtimestamp(float(message_id), UTC)
