"""JSON Schemas of the policy and estate files, so that editors complete keys and show their help.

They are published beside the policies; `python tools/publish_schemas.py` writes them anew.
"""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

from hygiene.checks import Check, check_ids, load_check
from hygiene.estate import Estate
from hygiene.policy import PolicyFile, file_model

JsonSchema = dict[str, Any]

_DRAFT = "http://json-schema.org/draft-07/schema#"
_SETTING = re.compile(r"`(\w+)`: (.+?)(?=\s+`\w+`: |\Z)", re.DOTALL)


def policy_schema() -> JsonSchema:
    """The schema of a policy file. `check` decides its settings; without it any check's may be
    given, since a schema cannot see the name of the file."""
    schema = PolicyFile.model_json_schema()
    checks = [load_check(name) for name in check_ids()]
    schema["$defs"] |= {check.id: _settings_schema(check) for check in checks}
    properties = schema["properties"]
    properties["check"]["enum"] = [check.id for check in checks]
    del properties["check"]["default"]
    properties["settings"] = {
        "description": properties["settings"]["description"],
        "anyOf": [_settings_of(check) for check in checks],
    }
    schema["allOf"] = [
        {
            "if": {"properties": {"check": {"const": check.id}}, "required": ["check"]},
            "then": {"properties": {"settings": _settings_of(check)}},
        }
        for check in checks
    ]
    return {"$schema": _DRAFT, **schema}


def estate_schema() -> JsonSchema:
    """The schema of the estate file."""
    schema = Estate.model_json_schema()
    for field in schema["$defs"]["Account"]["properties"].values():
        if field.get("default", "") is None:
            del field["default"]  # an editor would fill it in, and a key without a value is refused
    return {"$schema": _DRAFT, **schema}


def publish(folder: Path) -> None:
    """Writes both schemas into the folder of the policies."""
    for name, schema in (("policy", policy_schema()), ("estate", estate_schema())):
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")


def _settings_of(check: Check) -> JsonSchema:
    return {"$ref": f"#/$defs/{check.id}"}


def _settings_schema(check: Check) -> JsonSchema:
    """The schema of one check's settings; their help stands in the docstring of `Settings`."""
    schema: JsonSchema = file_model(check).model_json_schema()["$defs"][check.settings.__name__]
    for name, text in _SETTING.findall(inspect.cleandoc(check.settings.__doc__ or "")):
        schema["properties"][name]["description"] = " ".join(text.split())
    return {**schema, "title": check.id, "description": check.doc.partition("\n")[0]}
