"""Every command explains itself, with an example that the command line takes."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Iterator

import pytest
import typer
from cli_runs import Shell
from typer.core import TyperGroup

from hygiene.cli.main import app


def commands(group: TyperGroup, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Each command's words and docstring."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), inspect.getdoc(command.callback) or ""


def root() -> TyperGroup:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return group


ALL = dict(commands(root()))


def examples(doc: str) -> list[list[str]]:
    """The words after `hygiene` of each example, without redirections and shell around them."""
    found = re.findall(r"hygiene ([^`]+?)(?:\)\"|`|;| >)", doc)
    return [shlex.split(one) for one in found]


def parse(words: list[str]) -> None:
    """Raises where the command line would not take these words. Calls nothing."""
    group = root()
    context = group.make_context("hygiene", []) if not words else None
    while words:
        name, command, words = group.resolve_command(typer.Context(group), words)
        assert command is not None, name
        if not isinstance(command, TyperGroup):
            context = command.make_context(str(name), words)
            break
        group = command
    assert context is not None


def test_the_commands_of_the_contract_are_there() -> None:
    names = {name.split()[0] for name in ALL}
    contract = "scan plan apply undo verify report policy iam local doctor demo nightly"
    assert set(contract.split()) <= names
    assert {"policy check", "policy explain", "policy schema"} <= set(ALL)
    assert {"local up", "local down", "local env"} <= set(ALL)


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_command_has_an_example_that_parses(name: str) -> None:
    own = [one for one in examples(ALL[name]) if one[: len(name.split())] == name.split()]
    assert own, f"the help of {name} holds no example of it"
    for one in own:
        parse(one)


@pytest.mark.parametrize("name", ["", *sorted(ALL)])
def test_help_ends_well_and_fits(hygiene: Shell, name: str) -> None:
    ended = hygiene(*name.split(), "--help")
    assert ended.code == 0
    assert "Usage: hygiene" in ended.out
    assert max(len(line) for line in ended.out.splitlines()) <= 80
    assert hygiene.cloud.log.count() == 0
    assert not (hygiene.folder / "home").exists()


def test_no_command_at_all_is_wrong_usage(hygiene: Shell) -> None:
    assert hygiene().code == 2
    assert hygiene("policy").code == 2


def test_the_version_is_told(hygiene: Shell) -> None:
    assert re.fullmatch(r"hygiene \d+\.\d+\S*\n", hygiene("--version").out)
