"""The three tools: how each is run in a process of its own, and what it says it found."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.results import CUSTODIAN, NAIVE, OURS

HERE = Path(__file__).parent
ROOT = HERE.parent
BUILD = ROOT / "build" / "bench"

_ESTATE = """accounts:
  - id: "111111111111"
    regions: [us-east-1]
    reader_role: arn:aws:iam::111111111111:role/hygiene-reader
"""


@dataclass(frozen=True, slots=True)
class Command:
    """What is run, with which variables beside those of the local cloud."""

    tool: str
    arguments: tuple[str, ...]
    environ: Mapping[str, str]


def commands(home: Path) -> tuple[Command, ...]:
    """The three commands, to be run in turn. `home` is a folder for what they keep."""
    rules = home / "policies"
    rules.mkdir(parents=True)
    shutil.copy(ROOT / "policies" / "zero_traffic_endpoint.yaml", rules)
    (rules / "estate.yaml").write_text(_ESTATE, "utf-8")
    ours = {"HYGIENE_HOME": str(home / "hygiene"), "HYGIENE_POLICIES": str(rules)}
    program = Path(sys.executable).parent / "hygiene"
    custodian = (
        *(str(_custodian_bin() / "custodian"), "run", "--output-dir", str(home / "custodian")),
        # Without these it answers from its own cache, or sends a request of its own.
        *("--cache-period", "0", "--region", "us-east-1", str(HERE / "custodian.yaml")),
    )
    return (
        Command(OURS, (str(program), "plan", "--format", "json"), ours),
        Command(NAIVE, (sys.executable, str(HERE / "naive.py")), {}),
        Command(CUSTODIAN, custodian, {}),
    )


def found(command: Command, output: str) -> set[str] | None:
    """The names of the idle endpoints by the output of a tool; None where it cannot tell."""
    if command.tool == OURS:
        return {one["resource"].rpartition("/")[2] for one in json.loads(output)["changes"]}
    return set(json.loads(output)) if command.tool == NAIVE else None


def install_custodian() -> str:
    """Makes the environment of Cloud Custodian where it is missing; returns its version."""
    python = _custodian_bin() / "python"
    if not (_custodian_bin() / "custodian").exists():
        uv = _uv()
        subprocess.run(  # noqa: S603 - no shell, and no argument from outside
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(BUILD / "c7n")],
            check=True,
        )
        subprocess.run(  # noqa: S603
            [uv, "pip", "install", "--quiet", "--python", str(python), "c7n"], check=True
        )
    asked = "from importlib.metadata import version; print(version('c7n'))"
    told = subprocess.run(  # noqa: S603
        [str(python), "-c", asked], check=True, capture_output=True, text=True
    )
    return told.stdout.strip()


def _custodian_bin() -> Path:
    return BUILD / "c7n" / "bin"


def _uv() -> str:
    uv = shutil.which("uv", path=f"{ROOT / '.venv' / 'uv' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    if uv is None:
        raise SystemExit("uv is missing, which installs Cloud Custodian: run `make bench`")
    return uv
