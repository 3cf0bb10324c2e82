"""Errors that end a command: the message on standard error, and the exit code.

    CommandError
    ├── UsageError        exit code 2: wrong options, settings or files
    ├── FailureError      exit code 1: the command ran and something failed
    └── UnreachableError  exit code 3: the EHR cannot be reached

Commands raise them; click prints the message and ends the process.
"""

from __future__ import annotations

from typing import IO, Any

import click

from titrate.messages import Message


class CommandError(click.ClickException):
    """The command ends with this message and the exit code of the class."""

    def __init__(self, message: Message | str) -> None:
        super().__init__(str(message))

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message alone, without click's `Error: `, so that scripts can read it."""
        click.echo(self.message, file=file, err=file is None)


class UsageError(CommandError):
    """The options, settings or files cannot be used."""

    exit_code = 2


class FailureError(CommandError):
    """The command ran, and something failed that the message names."""

    exit_code = 1


class UnreachableError(CommandError):
    """The EHR cannot be reached."""

    exit_code = 3


class UnusableFile(Exception):
    """A file of a population is not a Bundle of one patient. The command reports it and continues with the others."""
