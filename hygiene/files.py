"""Reads a YAML file into a pydantic model; every problem says where it is and what to do.

Only the plain core of YAML is accepted: no tags, no anchors, no key twice, and keys are text.
Values are then validated as strictly as JSON would be: "7" is no number and 1 is no yes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from hygiene.wording import UNKNOWN_KEY, describe, dotted

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[int | str, ...]
"""Keys and list indexes that lead from the top of a file to a value."""

_CORE = "tag:yaml.org,2002:"
_IS_EMPTY = "is empty; give it a value (in quotes where it starts with #) or remove it"
_SCALARS = frozenset(_CORE + name for name in ("str", "int", "float", "bool", "null", "timestamp"))


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend in a file. Line and column count from 1; 0 means the file as a whole."""

    file: Path
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else str(self.file)
        return f"{where}: {self.message}"


class Invalid(ValueError):
    """Files that cannot be used: all their problems at once, each once, top to bottom."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Document:
    """One file that is well-formed: its content, and the nodes that know where each part stands."""

    file: Path
    content: dict[str, object]
    root: MappingNode

    def at_value(self, location: Location, message: str) -> Problem:
        """A problem with a value, or with its key, where that is no single line."""
        key, value = self._nodes(location)
        single = isinstance(value, ScalarNode) and not _is_blank(value)
        return _problem(self.file, value if single else key, message)

    def at_key(self, location: Location, message: str) -> Problem:
        """A problem with a key."""
        return _problem(self.file, self._nodes(location)[0], message)

    def written(self, location: Location) -> str | None:
        """A scalar as the person wrote it; None for lists, mappings and what is not there."""
        _, value = self._nodes(location)
        if not isinstance(value, ScalarNode):
            return None
        quote = value.style if value.style in ("'", '"') else ""
        return f"{quote}{value.value}{quote}"

    def _nodes(self, location: Location) -> tuple[Node, Node]:
        """Key and value of the deepest part of a location that the file has."""
        key: Node = self.root
        value: Node = self.root
        for part in location:
            if isinstance(value, SequenceNode) and isinstance(part, int):
                value = value.value[part]
                key = key if _is_blank(value) else value
                continue
            entries = value.value if isinstance(value, MappingNode) else ()
            found = next((entry for entry in entries if entry[0].value == part), None)
            if found is None:
                break
            key, value = found
        return key, value


def read(file: Path) -> Document:
    """The content of one YAML file. Raises `Invalid`."""
    try:
        root = YAML(typ="safe", pure=True).compose(_text(file))
    except MarkedYAMLError as error:
        hint = error.context or "check the quotes, indents and brackets here"
        message = f"not YAML: {error.problem}; {hint}"
        mark = error.problem_mark
        raise Invalid((Problem(file, mark.line + 1, mark.column + 1, message),)) from error
    except ReaderError as error:
        message = f"not YAML: it holds the control character #x{error.character:04x}; remove it"
        raise Invalid((Problem(file, 0, 0, message),)) from error
    if root is None:
        raise Invalid((Problem(file, 0, 0, "the file is empty; write at least one key"),))
    if not isinstance(root, MappingNode):
        raise Invalid((_problem(file, root, "this is no mapping; write lines of `key: value`"),))
    objections = tuple(_problem(file, node, message) for node, message in _objections(root))
    if objections:
        raise Invalid(objections)
    return Document(file, _mapping(root), root)


def validate(document: Document, model: type[Model]) -> Model:
    """The model that a document holds. Raises `Invalid` with all problems, top to bottom."""
    problems = [
        document.at_value(location, f"{dotted(location)} {_IS_EMPTY}")
        for location in _empty(document.content)
    ]
    try:
        held = model.model_validate_json(json.dumps(document.content), strict=True)
    except ValidationError as invalid:
        problems.extend(_misfits(document, invalid, model))
    if problems:
        raise Invalid(problems)
    return held


def _empty(content: object, at: Location = ()) -> Iterator[Location]:
    """Where something is written without a value: it would quietly mean the default."""
    if content is None:
        yield at
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from _empty(value, (*at, key))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from _empty(value, (*at, index))


def _misfits(
    document: Document, invalid: ValidationError, model: type[BaseModel]
) -> Iterator[Problem]:
    """What of the values that are written does not fit the model."""
    schema = model.model_json_schema()
    for error in invalid.errors():
        location, kind = error["loc"], error["type"]
        message = describe(error, document.written(location), schema)
        if kind in UNKNOWN_KEY:
            yield document.at_key(location, message)
        elif not _is_echo(error):
            yield document.at_value(location, message)


def _is_echo(error: ErrorDetails) -> bool:
    """Emptiness that `_empty` has named, or a list that is short of its own invalid items."""
    return error["input"] is None or (error["type"] == "too_short" and bool(error["input"]))


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror}; check its name and who may read it"
        raise Invalid((Problem(file, 0, 0, message),)) from error
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = "not UTF-8 text; save the file in the encoding UTF-8"
        raise Invalid((Problem(file, line, column, message),)) from error


def _objections(node: Node) -> Iterator[tuple[Node, str]]:
    """What of the YAML itself is not accepted."""
    if node.anchor:
        yield node, f"the anchor &{node.anchor} is not read here; write the value out where it goes"
        return  # an alias may lead back into its own anchor
    match node:
        case MappingNode(tag=tag, value=entries) if tag == _CORE + "map":
            times = Counter(str(key.value) for key, _ in entries)
            for key, value in entries:
                if key.tag != _CORE + "str":
                    yield key, "a key must be text; put it in quotes"
                elif times[key.value] > 1:
                    yield key, f"{key.value} is here {times[key.value]} times; keep one"
                yield from _objections(value)
        case SequenceNode(tag=tag, value=values) if tag == _CORE + "seq":
            for value in values:
                yield from _objections(value)
        case ScalarNode(tag=tag) if tag in _SCALARS:
            try:
                _scalar(node)
            except (LookupError, ValueError):
                name = tag.removeprefix(_CORE)
                yield node, f"{node.value!r} is no {name}, which its tag !!{name} says; remove it"
        case _:
            yield node, f"the tag {node.tag} is not read here; remove it"


def _mapping(node: MappingNode) -> dict[str, object]:
    return {str(key.value): _plain(value) for key, value in node.value}


def _plain(node: Node) -> object:
    if isinstance(node, MappingNode):
        return _mapping(node)
    if isinstance(node, SequenceNode):
        return [_plain(value) for value in node.value]
    return _scalar(node)


def _scalar(node: Node) -> object:
    if node.tag == _CORE + "timestamp":
        return node.value  # the model reads dates, and says what is wrong with 2026-02-30
    return YAML(typ="safe", pure=True).constructor.construct_object(node)


def _is_blank(node: Node) -> bool:
    """Such a node stands where the next one starts, which is no place to point at."""
    return isinstance(node, ScalarNode) and not node.value


def _problem(file: Path, node: Node, message: str) -> Problem:
    mark = node.start_mark
    return Problem(file, mark.line + 1, mark.column + 1, message)
