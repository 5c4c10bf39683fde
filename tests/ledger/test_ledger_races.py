"""Many at once: one intent wins, one settlement stands, nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.ledger.store import SqlLedger, open_ledger
from hygiene.model.entry import Busy, Intended, Settled
from tests.ledger.samples import intent, posted, ref, settled

THREADS = 8
PROCESSES = 4
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["hygiene.ledger.store", "alembic.command"])


@pytest.fixture(params=["sqlite", "memory", "postgresql"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlLedger]:
    """A ledger that the threads of one process share."""
    urls = {"sqlite": f"sqlite:///{tmp_path / 'ledger.db'}", "memory": "sqlite://"}
    url = urls.get(request.param) or request.getfixturevalue("postgres_url")
    with open_ledger(url) as ledger:
        yield ledger


def _at_once(work: Callable[[int], Any]) -> list[Any]:
    gate = Barrier(THREADS)

    def one(number: int) -> Any:
        gate.wait(timeout=60)
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


def test_one_of_many_threads_opens_the_intent(shared: SqlLedger) -> None:
    for turn in (1, 2, 3):
        answers = _at_once(lambda number: shared.intend(intent(run_id=f"run-{number}")))
        (won,) = [one for one in answers if isinstance(one, Intended)]
        assert won.turn == turn
        assert answers.count(Busy(won)) == THREADS - 1
        words = _at_once(lambda _: shared.settle(settled(won)))  # noqa: B023
        assert sorted(words) == [False] * (THREADS - 1) + [True]
    assert len(shared.history().entries) == 6


def test_no_entry_of_any_thread_is_lost(shared: SqlLedger) -> None:
    def work(number: int) -> None:
        for part in range(5):
            shared.append(posted(f"{number}-{part}"), posted(f"{number}-{part}'"))
            assert shared.history().posted(f"{number}-{part}'")

    _at_once(work)
    keys = [one.key for one in shared.history().entries]  # type: ignore[union-attr]
    assert len(set(keys)) == THREADS * 5 * 2
    for number in range(THREADS):
        mine = [key for key in keys if key.startswith(f"{number}-")]
        assert mine == [f"{number}-{part}{end}" for part in range(5) for end in ("", "'")]


def _race(url: str, gate: Any, answers: Any) -> None:
    gate.wait(60)
    with open_ledger(url) as ledger:
        answers.put(ledger.intend(intent(run_id=f"run-{os.getpid()}")))


def _die_after_intending(url: str, answers: Any) -> None:
    with open_ledger(url) as ledger:
        answers.put(ledger.intend(intent()))
        signal.pause()


@pytest.fixture
def started() -> Iterator[list[ForkServerProcess]]:
    """Processes that a test starts; ended with it."""
    processes: list[ForkServerProcess] = []
    yield processes
    for one in processes:
        one.kill()
        one.join()


def test_processes_create_a_ledger_together_and_one_opens_the_intent(
    ledger_url: str, started: list[ForkServerProcess]
) -> None:
    gate, answers = FORKS.Barrier(PROCESSES), FORKS.Queue()
    for _ in range(PROCESSES):
        started.append(FORKS.Process(target=_race, args=(ledger_url, gate, answers)))
        started[-1].start()
    given_back = [answers.get(timeout=60) for _ in started]
    (won,) = [one for one in given_back if isinstance(one, Intended)]
    assert given_back.count(Busy(won)) == PROCESSES - 1
    with open_ledger(ledger_url) as ledger:
        assert ledger.history().entries == (won,)


def test_a_killed_process_leaves_its_intent_open(
    ledger_url: str, started: list[ForkServerProcess]
) -> None:
    answers = FORKS.Queue()
    started.append(FORKS.Process(target=_die_after_intending, args=(ledger_url, answers)))
    started[-1].start()
    left = answers.get(timeout=60)
    started[-1].kill()
    started[-1].join()
    with open_ledger(ledger_url) as ledger:
        assert ledger.history().open_intents() == (left,)
        assert ledger.intend(intent(run_id="run-2")) == Busy(left)
        assert ledger.settle(settled(left, "failed"))
        assert isinstance(ledger.intend(intent(run_id="run-2")), Intended)


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=20))
def test_no_order_of_steps_opens_two_intents(steps: list[tuple[str, bool]]) -> None:
    last: dict[str, Intended] = {}
    still_open: set[str] = set()
    with open_ledger("sqlite://") as ledger:
        for name, closes in steps:
            if closes and name in last:
                assert ledger.settle(settled(last[name])) == (name in still_open)
                still_open.discard(name)
            elif not closes:
                answer = ledger.intend(intent(name))
                assert isinstance(answer, Busy) == (name in still_open)
                if isinstance(answer, Intended):
                    assert answer.turn == (last[name].turn + 1 if name in last else 1)
                    last[name] = answer
                    still_open.add(name)
        history = ledger.history()
    assert {one.ref for one in history.open_intents()} == {ref(name) for name in still_open}
    assert len(history.done()) == sum(isinstance(one, Settled) for one in history.entries)
