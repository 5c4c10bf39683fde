"""The published schemas: up to date, helpful, and of one mind with what is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from hygiene.files import read
from hygiene.schema import estate_schema, policy_schema, publish

POLICIES = Path(__file__).parents[1] / "policies"
GOLDEN = Path(__file__).parent / "golden"
SCHEMAS = {"policy": policy_schema, "estate": estate_schema}

SEEN_ONLY_WHEN_READ = {
    # a schema compares no two values, and knows no rule that a check sets itself
    "policy": {"exempt_twice", "settings"},
    "estate": {"accounts_twice"},
}


@pytest.mark.parametrize("name", ["policy.schema.json", "estate.schema.json"])
def test_the_published_schemas_are_up_to_date(name: str, tmp_path: Path) -> None:
    publish(tmp_path)
    assert (POLICIES / name).read_text() == (tmp_path / name).read_text(), (
        "run python tools/publish_schemas.py"
    )


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_schemas_are_schemas(kind: str) -> None:
    Draft7Validator.check_schema(SCHEMAS[kind]())


@pytest.mark.parametrize(
    ("file", "kind"),
    [("zero_traffic_endpoint.yaml", "policy"), ("estate.example.yaml", "estate")],
)
def test_shipped_files_name_their_schema_and_fit_it(file: str, kind: str) -> None:
    first = (POLICIES / file).read_text().partition("\n")[0]
    assert first == f"# yaml-language-server: $schema={kind}.schema.json"
    Draft7Validator(SCHEMAS[kind]()).validate(read(POLICIES / file).content)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_editors_see_what_is_wrong(kind: str) -> None:
    validator = Draft7Validator(SCHEMAS[kind]())
    unseen = {
        file.stem
        for file in (GOLDEN / kind).glob("*.yaml")
        if validator.is_valid(read(file).content)
    }
    assert unseen == SEEN_ONLY_WHEN_READ[kind]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_key_has_its_help(kind: str) -> None:
    schema = SCHEMAS[kind]()

    def help_of(field: dict[str, Any]) -> str:
        name = field.get("$ref", "").rpartition("/")[2]
        text: str = field.get("description") or schema["$defs"][name]["description"]
        return text

    for mapping in (schema, *schema["$defs"].values()):
        for key, field in mapping["properties"].items():
            assert help_of(field), key


def test_the_check_decides_which_settings_there_are() -> None:
    schema = json.dumps(policy_schema())
    assert "zero_traffic_endpoint" in schema
    validator = Draft7Validator(policy_schema())
    assert validator.is_valid({"settings": {"window_days": 3}})
    assert validator.is_valid({"check": "zero_traffic_endpoint", "settings": {"window_days": 3}})
    assert not validator.is_valid({"check": "zero_traffic_endpoint", "settings": {"days": 3}})
    assert not validator.is_valid({"check": "another"})
