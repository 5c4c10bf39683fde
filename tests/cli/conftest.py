"""A shell beside a small local cloud."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from botocore.retries.standard import ExponentialBackoff
from cli_runs import SPEC, Shell, bare_environment

from hygiene.localcloud.cloud import LocalCloud


@pytest.fixture
def hygiene(
    local_cloud: LocalCloud,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    """The command in an empty folder, on a cloud that was not asked anything yet."""
    local_cloud.reset()
    local_cloud.seed(SPEC)
    bare_environment(monkeypatch, local_cloud, tmp_path / "home")
    monkeypatch.chdir(tmp_path)
    # Requests are tried and endpoints looked at as often as always, without waiting in between.
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
    monkeypatch.setattr("botocore.waiter.time", SimpleNamespace(sleep=lambda _: None))
    return Shell(local_cloud, tmp_path, monkeypatch, capsys)
