"""What every command shows the same way: to a person in text, to a program in JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from hygiene import night
from hygiene.model.plan import Cleared, Done, Failed, Held, Moved, Outcome, Plan
from hygiene.model.resource import Gap, Place, Scan
from hygiene.report.document import plan_document
from hygiene.report.terminal import plan_table
from hygiene.report.wording import amount, printable

output = Console(highlight=False, soft_wrap=False)
errors = Console(stderr=True, highlight=False)

COMPLETE, FAILED, USAGE, WITH_GAPS = 0, 1, 2, 3


class Format(StrEnum):
    """Text for people, JSON for programs."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="Text for people, or JSON.")]
WriteOption = Annotated[
    bool, typer.Option("--write", help="Ask to write. Without it nothing is changed: a dry run.")
]
PlanArgument = Annotated[
    str,
    typer.Argument(
        metavar="PLAN", help="A plan's id, digest or JSON file; the newest one if left out."
    ),
]
ResourceArgument = Annotated[
    str, typer.Argument(metavar="RESOURCE", help="The resource's ARN, or its name in a plan.")
]
PoliciesOption = Annotated[
    list[str] | None, typer.Option("--policy", help="Only this policy or check (repeatable).")
]
AccountsOption = Annotated[
    list[str] | None, typer.Option("--account", help="Only this account (repeatable).")
]

_MARK = {Done: "done", Moved: "moved", Failed: "failed", Held: "held", Cleared: "would change"}
_STYLE = {Done: "green", Moved: "yellow", Failed: "bold red", Held: "magenta", Cleared: "bold"}


def as_json(document: object) -> None:
    """Prints a document and nothing else, in ASCII: it passes any terminal and pipe."""
    typer.echo(json.dumps(document, indent=2))


def messages_to(as_format: Format) -> Callable[[str], object]:
    """Where to show messages that go to no Slack: a program wants its document alone."""
    return partial(typer.echo, err=as_format is Format.JSON)


def show_plan(plan: Plan, as_format: Format) -> None:
    """Prints a plan."""
    if as_format is Format.JSON:
        as_json(plan_document(plan))
    else:
        output.print(plan_table(plan, min(output.width, 120)))


def show_verdicts(verdicts: Sequence[Outcome | Held | Cleared]) -> None:
    """Prints what became of each change, or would."""
    for one in verdicts:
        change = one.change
        line = f"{_MARK[type(one)]:<12} {change.verb} {change.ref.name} ({change.id})"
        output.print(printable(line), style=_STYLE[type(one)], markup=False)
        why = one.budget if isinstance(one, Cleared) else getattr(one, "reason", "")
        if why:
            output.print(Padding(Text(printable(why), style="dim", overflow="fold"), (0, 0, 0, 13)))
    counts = Counter(_MARK[type(one)] for one in verdicts)
    said = ", ".join(f"{count} {mark}" for mark, count in counts.items())
    output.print(f"{len(verdicts)} changes: {said}." if verdicts else "There is nothing to change.")


def show_gaps(gaps: Sequence[Gap]) -> None:
    """Prints what could not be read."""
    for gap in gaps:
        line = f"gap: {gap.place}: {gap.what}: {gap.reason}"
        output.print(printable(line), style="yellow", markup=False)


def verdict_document(verdicts: Iterable[Outcome | Held | Cleared]) -> list[dict[str, str | None]]:
    """The same for programs."""
    return [
        {
            "id": one.change.id,
            "resource": one.change.ref.id,
            "verb": one.change.verb,
            "result": type(one).__name__.lower(),
            "reason": one.budget if isinstance(one, Cleared) else getattr(one, "reason", None),
            "monthly_usd": amount(one.change.finding.monthly),
        }
        for one in verdicts
    ]


def ended(gaps: Sequence[Gap]) -> None:
    """Ends a command that looked at clouds: 3 where something could not be read."""
    raise typer.Exit(WITH_GAPS if gaps else COMPLETE)


def scan_all(
    run: night.Run, selection: night.Selection, places_at_once: int = 4
) -> tuple[Scan, ...]:
    """Scans every place, some at once, and shows progress on a terminal."""
    places = night.places(run.rules, selection)
    if not places:
        errors.print("No policy reaches any of these accounts and regions: nothing is looked at.")
    scans: list[Scan] = []
    pool = ThreadPoolExecutor(places_at_once)
    with _progress(len(places)) as progress:
        task = progress.add_task("Scanning", total=len(places))
        waiting = {pool.submit(night.scan_place, run, one, selection): one for one in places}
        try:
            for future in as_completed(waiting):
                scans.extend(future.result())
                progress.update(task, advance=1, description=_scanned(waiting[future]))
        finally:
            # Whoever interrupts does not want to wait for reads that are under way.
            pool.shutdown(wait=False, cancel_futures=True)
    return tuple(scans)


def _scanned(place: Place) -> str:
    return f"Scanned {place}"


@contextmanager
def _progress(total: int) -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    disabled = not errors.is_terminal or total == 0
    with Progress(*columns, console=errors, transient=True, disable=disabled) as progress:
        yield progress
