"""The help of every command."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from tests.cli.running import process, titrate
from titrate.cli.main import main


def commands(group: click.Group, *above: str) -> Iterator[tuple[str, ...]]:
    """The words of each command, without the groups."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)
        else:
            yield *above, name


COMMANDS = list(commands(main))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_shows_an_example(words: tuple[str, ...]) -> None:
    """The help ends with a command that the user can type."""
    done = titrate(*words, "--help")
    assert done.code == 0
    assert "Example" in done.out
    assert f"titrate {' '.join(words)}" in done.out.partition("Example")[2]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_option_has_a_help_text(words: tuple[str, ...]) -> None:
    """Each option explains its purpose."""
    command: click.Command = main
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert [one.name for one in options if not one.help] == []


def test_the_top_lists_commands_and_exit_codes() -> None:
    """A call without a command is a usage error."""
    done = titrate("--help")
    assert done.code == 0
    assert [words[0] for words in COMMANDS if words[0] not in done.out] == []
    assert "Exit codes: 0 done; 1 done with failures" in " ".join(done.out.split())
    assert titrate().code == 2


def test_an_unknown_command_is_a_usage_error() -> None:
    """Scripts see the exit code of a separate process."""
    done = process("paln")
    assert (done.code, done.out) == (2, "")
    assert "paln" in done.err
