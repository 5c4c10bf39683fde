"""The message to an owner, written for people who fear that a bot deletes their work."""

from __future__ import annotations

import shlex

from hygiene.model.note import NoteItem, OwnerNote
from hygiene.slack.letter import At, Letter, Line, Passage, bold, clean, code, plain
from hygiene.slack.wording import cost_of, counted, per_month

_STAYS = {"endpoint": "An endpoint's configuration and its models are never deleted."}
"""What a change leaves alone, by the kind of resource."""


def owner_letter(note: OwnerNote, keep_tag: str, detour: str) -> Letter:
    """Every item in full: what is not named here would not have been announced.

    `keep_tag` is the tag that keeps a resource; `detour` says why this could not go to the owner
    directly, and is empty where it could.
    """
    passages = (
        _intro(note, "this owner" if detour else "yours"),
        *(_item(item) for item in note.items),
        _how_to_keep(note.items, keep_tag),
        _what_stays(note.items),
    )
    if detour:
        passages = (Passage((bold(f"For {_whom(note)}. ", 150), plain(detour))), *passages)
    return Letter(_title(note), passages)


def _whom(note: OwnerNote) -> str:
    team = f"team {note.owner.team}" if note.owner.team else ""
    if note.owner.email:
        return f"{note.owner.email} ({team})" if team else note.owner.email
    return team or "whoever owns this"


def _title(note: OwnerNote) -> str:
    if len(note.items) == 1:
        ref = note.items[0].ref
        return f"Is the {ref.kind} {clean(ref.name, 80)} still needed?"
    return f"Are these {counted(note.items)} still needed?"


def _intro(note: OwnerNote, whose: str) -> Passage:
    seem = "seems" if len(note.items) == 1 else "seem"
    return Passage(
        (
            plain(f"Hello from the cloud hygiene bot. {counted(note.items)} of {whose} {seem} "),
            plain(f"to be unused. Cost: {cost_of(note.items)}. "),
            bold("Nothing has been changed."),
        )
    )


def _item(item: NoteItem) -> Passage:
    place = f" · {item.ref.kind} in account {item.ref.account}, {item.ref.region} · "
    return Passage(
        (code(item.ref.name, 100), plain(place, 200), bold(per_month(item.monthly))),
        (
            (plain("Found: "), plain(item.reason), plain(f" (rule {item.check})")),
            _what_happens(item),
            *(((plain("Held for now: "), plain(item.held_because)),) if item.held_because else ()),
            (plain("Full name: "), code(item.ref.id)),
            *((_undo(item),) if item.due else ()),
        ),
    )


def _what_happens(item: NoteItem) -> Line:
    if item.due is None:
        return (plain("Nothing will be changed: this is only a question to you."),)
    return (
        bold("Will be deleted on "),
        At(item.due),
        plain(" or soon after, unless it is used again or you keep it."),
    )


def _undo(item: NoteItem) -> Line:
    command = f"hygiene undo {shlex.quote(item.change_id)} --write"
    return (plain("Even then it can be brought back with "), code(command))


def _how_to_keep(items: tuple[NoteItem, ...], keep_tag: str) -> Passage:
    resource = shlex.quote(items[0].ref.id) if len(items) == 1 else "<full name>"
    return Passage(
        (bold("Still needed? "), plain("Any one of these is enough:")),
        (
            (plain("set the tag "), code(f"{keep_tag} = true"), plain(" on it")),
            (plain("or simply use it: the bot looks again before it changes anything"),),
            (plain("or ask for time: "), code(f"hygiene snooze {resource} --until YYYY-MM-DD")),
        ),
    )


def _what_stays(items: tuple[NoteItem, ...]) -> Passage:
    unneeded = bold("Not needed? ")
    if not any(item.due for item in items):
        return Passage((unneeded, plain("Please delete it yourself, whenever you like.")))
    stays = " ".join(_STAYS.get(kind, "") for kind in sorted({item.ref.kind for item in items}))
    return Passage(
        (unneeded, plain("What has a date above is deleted for you: nothing to do. "), plain(stays))
    )
