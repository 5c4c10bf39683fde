"""The command line in this process, as somebody calls it who has set next to nothing."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hygiene.cli.main import main
from hygiene.localcloud.cloud import LocalCloud
from hygiene.localcloud.spec import EndpointSpec, EstateSpec, PersonSpec, TrafficSpec

HOME_ACCOUNT, OTHER_ACCOUNT = "111111111111", "222222222222"
ADA = {"owner": "ada@example.com"}
SPEC = EstateSpec(
    name="cli",
    endpoints=(
        EndpointSpec(name="idle", account=HOME_ACCOUNT, tags=ADA),
        EndpointSpec(name="idle-dev", account=HOME_ACCOUNT, tags={**ADA, "environment": "dev"}),
        EndpointSpec(name="busy", account=HOME_ACCOUNT, traffic=TrafficSpec(busy=9), tags=ADA),
        EndpointSpec(name="silent", account=HOME_ACCOUNT, traffic=TrafficSpec(no_data=True)),
        EndpointSpec(name="kept", account=HOME_ACCOUNT, tags={**ADA, "keep": "true"}),
        EndpointSpec(name="elsewhere", account=OTHER_ACCOUNT, tags=ADA),
    ),
    people=(PersonSpec(email="ada@example.com", name="Ada"),),
    channels=("#cloud-hygiene",),
)

ENFORCED = "mode: enforce\nbudget: {share: 1}\n"
WRITABLE = f"""\
accounts:
  - id: "{HOME_ACCOUNT}"
    regions: [us-east-1]
    reader_role: arn:aws:iam::{HOME_ACCOUNT}:role/hygiene-reader
    writer_role: arn:aws:iam::{HOME_ACCOUNT}:role/hygiene-writer
    writable: true
    budget: {{share: 1}}
budget: {{share: 1}}
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """All of stdout, which has to be one JSON document."""
        document: dict[str, Any] = json.loads(self.out)
        return document


@dataclass(frozen=True, slots=True)
class Shell:
    """Somebody at a terminal in an empty folder, with credentials of one account."""

    cloud: LocalCloud
    folder: Path
    environ: pytest.MonkeyPatch
    captured: pytest.CaptureFixture[str]

    def __call__(self, *words: str, **environ: str) -> Ended:
        """Runs `hygiene`; an empty value unsets a variable for this call."""
        with self.environ.context() as patch:
            for name, value in environ.items():
                patch.setenv(name, value)
                if not value:
                    patch.delenv(name)
            patch.setattr(sys, "argv", ["hygiene", *words])
            self.captured.readouterr()
            with pytest.raises(SystemExit) as end:
                main()
        code = end.value.code
        said = self.captured.readouterr()
        return Ended(code if isinstance(code, int) else 0, said.out, said.err)

    def write(self, name: str, content: str) -> Path:
        """A file in the folder."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
        return file

    def may_write(self) -> None:
        """Opens the locks: an estate file with a writable account, a policy that enforces."""
        self.write("policies/zero_traffic_endpoint.yaml", ENFORCED)
        self.write("policies/estate.yaml", WRITABLE)

    def use_slack_and_clock(self) -> None:
        """What `hygiene local env` prints beyond AWS."""
        for name, value in self.cloud.env.items():
            self.environ.setenv(name, value)


def bare_environment(patch: pytest.MonkeyPatch, cloud: LocalCloud, home: Path) -> None:
    """An endpoint, credentials, a region and a home; nothing else of this machine."""
    for name in [one for one in os.environ if one.startswith(("AWS_", "HYGIENE_", "SLACK_"))]:
        patch.delenv(name)
    for name, value in cloud.env.items():
        if name.startswith("AWS_"):
            patch.setenv(name, value)
    patch.setenv("HYGIENE_HOME", str(home))
    patch.setenv("AWS_CONFIG_FILE", os.devnull)
    patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
