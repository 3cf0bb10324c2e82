"""How a command error reaches the user: the message alone on standard error, and the exit code of its class."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from titrate.cli.errors import CommandError, FailureError, UnreachableError, UsageError
from titrate.messages.cli import (
    WriteNeedsPatient,
)


@pytest.mark.parametrize(("kind", "code"), [(FailureError, 1), (UsageError, 2), (UnreachableError, 3)])
def test_an_error_ends_the_command(kind: type[CommandError], code: int) -> None:
    """click prints the message and ends the process; scripts get neither `Error:` nor a usage line."""

    @click.command()
    def command() -> None:
        raise kind(WriteNeedsPatient())

    result = CliRunner().invoke(command)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr == f"{WriteNeedsPatient()}\n"
