"""What every check has to keep, the next ones too."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hygiene.checks import UnknownCheckError, check_ids, load_check
from hygiene.model.resource import Window
from hygiene.schema import policy_schema

NOW = datetime(2026, 3, 10, 2, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def test_the_checks_are_the_files() -> None:
    files = {file.stem for file in (ROOT / "hygiene" / "checks").glob("[a-z]*.py")}
    assert set(check_ids()) == files
    assert list(check_ids()) == sorted(files)


def test_a_check_is_what_its_file_says() -> None:
    check = load_check("zero_traffic_endpoint")
    assert (check.id, check.kind, check.verb) == (
        "zero_traffic_endpoint",
        "endpoint",
        "delete_endpoint",
    )
    assert check.doc.startswith("An endpoint that costs money and serves nobody.\n\nIn breach")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "zero_trafic_endpoint",
            "there is no check 'zero_trafic_endpoint'; did you mean zero_traffic_endpoint? known: ",
        ),
        ("", "there is no check ''; known: "),
        ("os.path", "there is no check 'os.path'; known: "),
    ],
)
def test_a_check_that_is_not_there(name: str, message: str) -> None:
    with pytest.raises(UnknownCheckError) as caught:
        load_check(name)
    assert str(caught.value) == message + ", ".join(check_ids())


@pytest.mark.parametrize("name", check_ids())
def test_every_check_has_defaults_a_window_documentation_and_a_policy(name: str) -> None:
    check = load_check(name)
    settings = check.settings()
    window = settings.window(NOW)
    assert isinstance(window, Window)
    assert window.since < window.until == NOW
    assert settings.at_most >= 0
    assert check.doc
    assert (ROOT / "policies" / f"{name}.yaml").exists()


@pytest.mark.parametrize("name", check_ids())
def test_every_setting_is_explained(name: str) -> None:
    fields = {field.name for field in dataclasses.fields(load_check(name).settings)}  # type: ignore[arg-type]
    explained = policy_schema()["$defs"][name]["properties"]
    assert fields == {key for key, field in explained.items() if field.get("description")}
