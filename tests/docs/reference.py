"""docs/commands.md and the command table of README, generated from the commands."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import click

from tests.docs.marks import block, table
from tests.project.sources import ROOT
from titrate.cli.main import COMMANDS, main

WIDTH = 100
HEAD = """# Commands

This page is generated from the help of the commands by `python -m tests.docs.pages`. Without an installation, use
`./run titrate` for `titrate`. Output goes to standard output, logs and messages to standard error.

"""


def commands(group: click.Group, *above: str) -> Iterator[tuple[str, click.Command]]:
    """Each command with its words, in the order of the help; groups themselves left out."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)
        elif command is not None:
            yield " ".join((*above, name)), command


def short() -> str:
    """A table of the commands and groups of commands at the top, as the help lists them."""
    return table(("command", "what it does"), ((f"`titrate {name}`", text) for name, (_, text) in COMMANDS.items()))


def page() -> str:
    """The whole page, generated in a new process, because click caches the help option of a command."""
    command = [sys.executable, "-m", "tests.docs.reference"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _page() -> str:
    return HEAD + "\n".join([_section("", main), *(_section(words, one) for words, one in commands(main))])


def _section(words: str, command: click.Command) -> str:
    name = f"titrate {words}".strip()
    names = main.context_settings["help_option_names"]
    context = click.Context(
        command, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH, help_option_names=names
    )
    return f"## {name}\n\n" + block(command.get_help(context))


if __name__ == "__main__":
    sys.stdout.write(_page())
