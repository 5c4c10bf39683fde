"""Runs a command against the local cloud and measures it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from bench.results import Estate, Sample
from bench.tools import Command, found
from hygiene.localcloud import remote

_KIB_A_MIB = 1024
_MAXRSS_A_MIB = _KIB_A_MIB if sys.platform.startswith("linux") else _KIB_A_MIB * _KIB_A_MIB

ACCEPTED = 0


class Broken(RuntimeError):
    """A tool ended with an error; the message holds its own words."""


def measured(
    command: Command, cloud: Mapping[str, str], estate: Estate, latency_ms: float, home: Path
) -> Sample:
    """Runs a command once. Raises `Broken` where it does not end well."""
    env = dict(cloud)
    remote.forget(env)
    output = home / "output"
    with output.open("w+") as out, (home / "errors").open("w+") as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - no shell
            command.arguments,
            env=_environ(env, home) | dict(command.environ),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != ACCEPTED:
            errors.seek(0)
            raise Broken(f"{command.tool} ended with {process.returncode}: {errors.read()[-2000:]}")
    idle = found(command, output.read_text("utf-8"))
    expected = {f"idle-{number:04d}" for number in range(1, estate.idle + 1)}
    return Sample(
        tool=command.tool,
        estate=estate,
        latency_ms=latency_ms,
        seconds=seconds,
        cpu_seconds=used.ru_utime + used.ru_stime,
        peak_mb=used.ru_maxrss / _MAXRSS_A_MIB,
        operations=dict(Counter(str(one["operation"]) for one in remote.requests(env))),
        right=None if idle is None else idle == expected,
    )


def _environ(cloud: dict[str, str], home: Path) -> dict[str, str]:
    """Nothing of the caller's own settings, so that two people measure the same."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        **cloud,
    }
