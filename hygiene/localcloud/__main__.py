"""`python -m hygiene.localcloud --estate NAME --state FILE`: a local cloud until it is ended.

It holds a lock on the state file's folder for as long as it lives, so that nobody has to guess from
a process id whether it still runs.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import signal
from pathlib import Path

from hygiene.localcloud.cloud import running
from hygiene.localcloud.spec import load


def main() -> None:
    """Serves until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m hygiene.localcloud", description=__doc__)
    parser.add_argument("--estate", required=True, help="name of a shipped estate")
    parser.add_argument("--state", required=True, type=Path, help="file to write once ready")
    asked = parser.parse_args()
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    with lock_file(asked.state).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with running(load(asked.estate)) as cloud:
            _write(asked.state, {"pid": os.getpid(), "estate": asked.estate, "env": cloud.env})
            signal.sigwait(ends)


def lock_file(state: Path) -> Path:
    """The file that a running local cloud holds locked."""
    return state.with_suffix(".lock")


def _write(state: Path, content: dict[str, object]) -> None:
    """All at once, and readable by its owner alone: it holds credentials."""
    fresh = state.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file)
    fresh.replace(state)


if __name__ == "__main__":
    main()
