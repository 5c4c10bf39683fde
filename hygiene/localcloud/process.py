"""The local cloud as a process of its own, which outlives the command that started it."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TypedDict

from hygiene.localcloud.__main__ import lock_file
from hygiene.localcloud.spec import load

STARTS_WITHIN = 30.0
"""Seconds; loading the service descriptions takes one or two on an idle machine."""

ENDS_WITHIN = 10.0


class NotRunning(Exception):
    """There is no local cloud in this folder; the message says how to get one."""


class _State(TypedDict):
    pid: int
    estate: str
    env: dict[str, str]


def up(home: Path, estate: str) -> dict[str, str]:
    """Starts a local cloud with a shipped estate and returns its environment, once it answers.

    `home` is the folder of its state file and its output. One that runs there is ended first.
    Raises ValueError for an estate there is none of, and NotRunning with the process's own words
    when it does not start.
    """
    load(estate)
    down(home)
    home.mkdir(parents=True, exist_ok=True)
    output = home / "localcloud.log"
    arguments = ["--estate", estate, "--state", str(_state_file(home))]
    with output.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", "hygiene.localcloud", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    until = time.monotonic() + STARTS_WITHIN
    while not _state_file(home).exists():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            process.wait()
            words = output.read_text("utf-8", "replace").strip()[-800:]
            raise NotRunning(f"the local cloud did not start, see {output}: {words}")
        time.sleep(0.02)
    # It outlives this object on purpose, so Python shall not warn that it still runs.
    process.returncode = 0
    return env(home)


def down(home: Path) -> None:
    """Ends the local cloud of this folder, wholly; nothing happens where none runs."""
    state = read_state(home)
    if state and _runs(home):
        _end(home, state["pid"])
    _state_file(home).unlink(missing_ok=True)
    lock_file(_state_file(home)).unlink(missing_ok=True)


def env(home: Path) -> dict[str, str]:
    """The environment of the local cloud that runs in this folder. Raises NotRunning."""
    state = read_state(home)
    if state is None or not _runs(home):
        raise NotRunning(f"no local cloud runs in {home}: start one with `hygiene local up`")
    return state["env"]


def _state_file(home: Path) -> Path:
    return home / "localcloud.json"


def read_state(home: Path) -> _State | None:
    """What the local cloud of this folder wrote when it was ready; None where none did."""
    try:
        content: _State = json.loads(_state_file(home).read_text("utf-8"))
    except FileNotFoundError:
        return None
    return content


def _runs(home: Path) -> bool:
    """Whether the lock is held: unlike a process id, a lock never belongs to somebody else."""
    try:
        with lock_file(_state_file(home)).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _end(home: Path, pid: int) -> None:
    """Politely, then by force; the process leads its own group, which ends with it."""
    for word in (signal.SIGTERM, signal.SIGKILL):
        os.killpg(pid, word)
        until = time.monotonic() + ENDS_WITHIN
        while _runs(home) and time.monotonic() < until:
            time.sleep(0.02)
        if not _runs(home):
            break
    _reap(pid)


def _reap(pid: int) -> None:
    """Takes leave of the process where it is our child, so that it does not stay as a zombie."""
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        return
