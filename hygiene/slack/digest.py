"""The message of a run to the channel: every count, and nothing hidden."""

from __future__ import annotations

from hygiene.model.note import DigestNote, NoteItem
from hygiene.slack.letter import At, Letter, Line, Passage, bold, code, plain
from hygiene.slack.wording import amount, cost, number, per_month

SHOWN = 10
"""So many of the dearest resources and so many gaps are named; all of them are counted."""


def digest_letter(note: DigestNote) -> Letter:
    """The counts of a run, its dearest findings, its gaps, and how to approve its plan."""
    found = number(note.found, "finding")
    costing = f", {cost(note.monthly, note.unpriced)}" if note.found else ""
    return Letter(
        f"Cloud hygiene {note.made_at:%Y-%m-%d}: {found}{costing}",
        (
            Passage((plain("What this run found and what became of it:"),), _counts(note)),
            *_dearest(note),
            *_gaps(note),
            _plan(note),
        ),
    )


def _counts(note: DigestNote) -> tuple[Line, ...]:
    prices = "all of them priced" if not note.unpriced else f"{note.unpriced} without a known price"
    return (
        (bold(f"{note.found} found"), plain(f": {per_month(note.monthly)}, {prices}"))
        if note.found
        else (bold("0 found"), plain(": nothing breaks a rule")),
        (bold(f"{note.due} due"), plain(": announced, and the time to object is over")),
        (bold(f"{note.waiting} waiting"), plain(": for their owners, or for their date")),
        (bold(f"{note.held} held"), plain(": not changed; the report says why")),
        (bold(f"{note.exempt} exempt"), plain(": may stay, by a tag or an agreement")),
        (bold(f"{note.unknown} unknown"), plain(": nobody can tell yet, so left alone")),
        (bold(number(len(note.gaps), "gap")), plain(_gaps_meaning(note))),
        (bold(f"{note.done} done"), plain(": changed in this run")),
        (bold("Saved"), plain(f": {_saved(note)}")),
    )


def _gaps_meaning(note: DigestNote) -> str:
    if not note.gaps:
        return ": everything in scope could be read"
    return ": not readable, and what lies there is not in these figures"


def _saved(note: DigestNote) -> str:
    so_far = f", {amount(note.saved_so_far)} so far" if note.saved_so_far else ""
    if note.saved_monthly is None:
        return f"nothing is proven yet{so_far}"
    return f"{per_month(note.saved_monthly)}, proven by looking again{so_far}"


def _dearest(note: DigestNote) -> tuple[Passage, ...]:
    if not note.items:
        return ()
    shown = note.items[:SHOWN]
    bullets = tuple(_item(item) for item in shown)
    return (Passage((bold("The dearest"),), (*bullets, *_more(note.found - len(shown)))),)


def _item(item: NoteItem) -> Line:
    return (
        bold(per_month(item.monthly)),
        plain(" "),
        code(item.ref.name, 80),
        plain(f" · {item.ref.account} {item.ref.region} · {item.owner} · ", 200),
        *_status(item),
    )


def _status(item: NoteItem) -> Line:
    if item.status == "held":
        return (plain("held: "), plain(item.held_because or "the report says why", 200))
    if item.status == "due":
        return (plain("due"),)
    if item.due is None:
        return (plain("the owner is asked"),)
    return (plain("announced for "), At(item.due))


def _gaps(note: DigestNote) -> tuple[Passage, ...]:
    if not note.gaps:
        return ()
    shown = note.gaps[:SHOWN]
    bullets = tuple((plain(gap, 250),) for gap in shown)
    return (Passage((bold("Not readable"),), (*bullets, *_more(len(note.gaps) - len(shown)))),)


def _more(count: int) -> tuple[Line, ...]:
    return ((plain(f"and {count} more, see the report"),),) if count > 0 else ()


def _plan(note: DigestNote) -> Passage:
    return Passage(
        (plain("Plan "), code(note.plan_id), plain(", made "), At(note.made_at)),
        (
            (plain("digest "), code(note.digest)),
            (
                plain("to approve exactly this plan, where it is held for its budget: "),
                code(f"hygiene approve {note.digest}"),
            ),
        ),
    )
