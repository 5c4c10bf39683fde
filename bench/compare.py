"""`make bench`: requests, seconds and memory of ours beside a plain script and Cloud Custodian.

All of them run against the same local cloud, in turn, each in a fresh process. Prints a table and
writes every single run to build/bench/results.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.measure import measured
from bench.results import Estate, Sample, expected_requests
from bench.table import tables
from bench.tools import BUILD, commands, install_custodian
from hygiene.localcloud import remote

ESTATES = (Estate(300, 15), Estate(1000, 50))


def main() -> int:
    """Measures, prints and keeps. Returns 1 where a tool that can tell found the wrong ones."""
    asked = _parser().parse_args()
    _say("Cloud Custodian's own environment: build/bench/c7n")
    versions = {"c7n": install_custodian(), "boto3": version("boto3")}
    samples = [sample for estate in ESTATES for sample in _rounds(estate, asked)]
    print(f"{_machine()}; c7n {versions['c7n']}, boto3 {versions['boto3']}.\n")
    print(tables(samples))
    print("\n(4.0x): four times ours. idle: how many of the idle endpoints were found;")
    print("n/a: Cloud Custodian has no traffic filter for endpoints, only tags.")
    _keep(samples, versions)
    for one in samples:
        expected = expected_requests(one.tool, one.estate)
        if one.requests != expected:
            print(f"{one.tool}, {one.estate}: {one.requests} requests, {expected} expected")
    return 1 if any(one.right is False for one in samples) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds without latency")
    parser.add_argument("--far-rounds", type=int, default=1, help="rounds with latency")
    parser.add_argument(
        "--latency-ms", type=float, default=20, help="what each request waits in the far rounds"
    )
    return parser


def _rounds(estate: Estate, asked: argparse.Namespace) -> Iterator[Sample]:
    """A warm-up, which is not counted, then every tool in turn, near and far."""
    home = BUILD / f"home-{estate.endpoints}"
    shutil.rmtree(home, ignore_errors=True)
    made = commands(home)
    with _cloud(estate) as env:
        plan = [("warm-up", 0.0), *[("near", 0.0)] * asked.rounds]
        plan += [("far", asked.latency_ms)] * asked.far_rounds
        for kind, latency_ms in plan:
            remote.latency(env, latency_ms / 1000)
            for command in made:
                sample = measured(command, env, estate, latency_ms, home)
                _say(f"{estate.endpoints:>5} {kind:<8} {command.tool:<16} {sample.seconds:6.1f} s")
                if kind != "warm-up":
                    yield sample


@contextmanager
def _cloud(estate: Estate) -> Iterator[dict[str, str]]:
    """A local cloud in a process of its own, and its environment."""
    script = Path(__file__).with_name("cloud.py")
    arguments = [sys.executable, str(script), str(estate.endpoints), str(estate.idle)]
    with subprocess.Popen(  # noqa: S603 - our own script, no shell
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        env: dict[str, str] = json.loads(process.stdout.readline())
        yield env
        # Leaving the block closes its input, which ends it.


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python " + (
        platform.python_version()
    )


def _keep(samples: list[Sample], versions: dict[str, str]) -> None:
    document = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": _machine(),
        "versions": versions,
        "samples": [{**asdict(one), "requests": one.requests} for one in samples],
    }
    (BUILD / "results.json").write_text(json.dumps(document, indent=1), "utf-8")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
