"""Workers that die, and workers that meet: one deletion each, and a settled ledger."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from hygiene.ledger.store import open_ledger
from hygiene.localcloud.spec import EndpointSpec, EstateSpec, PersonSpec
from hygiene.model.entry import Settled
from hygiene.steps.apply import LEASE

LEASE_OVER = LEASE + timedelta(minutes=1)


def started(*words: str, **env: str) -> subprocess.Popen[str]:
    """The command line in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "from hygiene.cli.main import main; main()", *words],
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


TWO = EstateSpec(
    name="two",
    endpoints=tuple(
        EndpointSpec(name=name, account="111111111111", tags={"owner": "ada@example.com"})
        for name in ("one", "two")
    ),
    people=(PersonSpec(email="ada@example.com", name="Ada"),),
    channels=("#cloud-hygiene",),
)


@pytest.fixture
def due(bot_on: Callable[..., Any], ledger_url: str) -> Iterator[Any]:
    """A bot whose newest plan holds two due changes."""
    bot = bot_on("traps", TWO, ledger_url)
    bot.announce()
    with bot.open() as run:
        assert len(bot.due(run).changes) == 2
    bot.cloud.log.clear()
    yield bot
    bot.cloud.faults.clear()


def settled(bot: Any) -> list[tuple[str, str]]:
    """What became of every intent; none is open."""
    with open_ledger(bot.settings.ledger_url) as ledger:
        history = ledger.history()
    assert history.open_intents() == ()
    entries = [one for one in history.entries if isinstance(one, Settled)]
    return sorted((one.ref.name, one.outcome) for one in entries)


DONE = [("one", "done"), ("two", "done")]
ANSWERED, LOST = 200, 0


@pytest.mark.parametrize(
    ("operation", "kind", "deletes", "ends"),
    [
        # Killed before the intent: nothing of it is known.
        ("DescribeModel", "timeout", [ANSWERED], DONE),
        # Killed in the last look: an intent, and no write.
        (
            "GetMetricData",
            "timeout",
            [ANSWERED],
            [("one", "done"), ("one", "failed"), ("two", "done")],
        ),
        # Killed while the request was on its way; it was lost, so it has to be sent again.
        (
            "DeleteEndpoint",
            "timeout",
            [LOST, ANSWERED],
            [("one", "done"), ("one", "failed"), ("two", "done")],
        ),
        # Killed while the request was on its way; it was carried out, nobody heard the answer.
        ("DeleteEndpoint", "timeout_after", [LOST], [("one", "vanished"), ("two", "done")]),
    ],
)
def test_killed_around_a_write_then_run_again(
    due: Any, operation: str, kind: str, deletes: list[int], ends: list[tuple[str, str]]
) -> None:
    due.cloud.faults.add(operation, kind, 1)
    worker = started("apply", "--write")
    until(lambda: any(one.status == LOST for one in due.cloud.log.of(operation)))
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    due.cloud.faults.clear()

    due.cloud.clock.move(LEASE_OVER)
    again = started("apply", "--write")
    words, _ = again.communicate(timeout=90)
    assert again.returncode == 0, words

    first, second = due_names(due)
    assert [
        one.status for one in due.cloud.log.of("DeleteEndpoint") if one.resource == first
    ] == deletes
    assert [one.status for one in due.cloud.log.of("DeleteEndpoint") if one.resource == second] == [
        ANSWERED
    ]
    assert due.cloud.names() == () or gone(due)
    named = [(name.replace(first, "one").replace(second, "two"), how) for name, how in settled(due)]
    assert sorted(named) == ends


def due_names(bot: Any) -> tuple[str, str]:
    """The two endpoints in the order of the plan."""
    with bot.open() as run:
        plan = run.ledger.plan("")
    first, second = (one.ref.name for one in plan.changes)
    return first, second


def gone(bot: Any) -> bool:
    with bot.open() as run:
        return bot.plan(run).everything == ()


def test_killed_after_a_write_then_run_again(due: Any) -> None:
    """The second change hangs, when the first one is done and settled."""
    first, second = due_names(due)
    due.cloud.faults.add("DescribeEndpoint", "timeout", 1, resource=second)
    worker = started("apply", "--write")
    until(lambda: any(one.status == LOST for one in due.cloud.log.of("DescribeEndpoint")))
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert due.deletes == [first]
    due.cloud.faults.clear()
    due.cloud.clock.move(LEASE_OVER)
    again = started("apply", "--write")
    words, _ = again.communicate(timeout=90)
    assert again.returncode == 0, words
    assert due.deletes == [first, second]
    assert settled(due) == DONE


def test_within_the_lease_of_a_killed_worker_nobody_else_begins(due: Any) -> None:
    due.cloud.faults.add("GetMetricData", "timeout", 1)
    worker = started("apply", "--write")
    until(lambda: any(one.status == LOST for one in due.cloud.log.of("GetMetricData")))
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    due.cloud.faults.clear()
    _, second = due_names(due)
    words, _ = started("apply", "--write").communicate(timeout=90)
    assert "settled first" in words
    assert due.deletes == [second]


def test_two_runs_at_once_delete_each_once(due: Any) -> None:
    both = [started("apply", "--write") for _ in range(2)]
    for one in both:
        words, _ = one.communicate(timeout=120)
        assert one.returncode == 0, words
    assert sorted(due.deletes) == ["one", "two"]
    assert [one for one in settled(due) if one[1] == "done"] == DONE
