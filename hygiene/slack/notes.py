"""From a note to the letter that says it."""

from __future__ import annotations

from hygiene.model.note import DigestNote, FailureNote, Note, OwnerNote
from hygiene.slack.digest import digest_letter
from hygiene.slack.letter import Letter, Passage, bold, code, plain
from hygiene.slack.owner import owner_letter


def letter(note: Note, keep_tag: str, detour: str) -> Letter:
    """What a note says.

    `keep_tag` is the tag that keeps a resource; `detour` says why an owner's note could not go to
    the owner directly, and is empty where it could.
    """
    match note:
        case OwnerNote():
            return owner_letter(note, keep_tag, detour)
        case DigestNote():
            return digest_letter(note)
        case FailureNote():
            return _failure_letter(note)


def _failure_letter(note: FailureNote) -> Letter:
    return Letter(
        "The cloud hygiene bot failed",
        (
            Passage((bold("Where: "), code(note.where))),
            Passage((bold("Why: "), plain(note.reason, 1500))),
            Passage((plain("What could not be checked is never changed."),)),
        ),
    )
