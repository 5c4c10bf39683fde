"""What only a process of its own shows: signals, pipes and terminals."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time

from cli_runs import Shell

COMMAND = [sys.executable, "-c", "from hygiene.cli.main import main; main()"]


def test_an_interrupted_plan_ends_at_once_with_a_word(hygiene: Shell) -> None:
    hygiene.cloud.faults.add("ListEndpoints", "timeout", None)
    process = subprocess.Popen(
        [*COMMAND, "plan"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    end = time.monotonic() + 60
    while not hygiene.cloud.log.of("ListEndpoints"):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - begun < 15, "it waited for a read that was under way"
    assert (process.returncode, out) == (130, "")
    assert err == "Interrupted. What was under way is settled by the next run.\n"


def test_a_reader_that_went_away_is_no_error(hygiene: Shell) -> None:
    hygiene("plan")
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        [*COMMAND, "show"], stdout=write, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(write)
    assert process.stderr == b""


def on_terminal(**environ: str) -> str:
    """What `hygiene plan` writes to a terminal of 80 columns."""
    told = ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
    own = {name: value for name, value in os.environ.items() if name not in told}
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "plan"],
        stdout=terminal,
        stderr=terminal,
        env={**own, "TERM": "xterm", "COLUMNS": "80", **environ},
    )
    os.close(terminal)
    said = b""
    while chunk := _read(main):
        said += chunk
    os.close(main)
    assert process.wait(timeout=60) == 0
    return said.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that the other end was closed
        return b""


COLOUR = re.compile(r"\x1b\[[\d;]*3\d[\d;]*m")


def test_colours_and_progress_are_for_terminals_that_want_them(hygiene: Shell) -> None:
    assert COLOUR.search(on_terminal())
    plain = on_terminal(NO_COLOR="1")
    assert "Scanning" in plain
    assert "idle-dev" in plain
    assert not COLOUR.search(plain)
