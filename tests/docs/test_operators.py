"""Settings, commands and schedules in the pages for operators work."""

from __future__ import annotations

import configparser
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from tests.docs.settings_table import PAGE, with_table
from tests.project.sources import ROOT
from titrate.cli.main import main
from titrate.settings.fields import NAMES, SCHEMA
from titrate.settings.loader import FILE, variable

FOLDER = ROOT / "docs" / "operators"
VARIABLES = {FILE, *map(variable, NAMES)}


def manifest() -> dict[str, Any]:
    """The pod of the Kubernetes CronJob."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / "cronjob.yaml").read_text(encoding="utf-8"))
    assert (found["kind"], found["spec"]["concurrencyPolicy"]) == ("CronJob", "Forbid")
    pod: dict[str, Any] = found["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return pod


def unit(name: str) -> configparser.RawConfigParser:
    """A systemd unit; of keys that come twice the last one."""
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(FOLDER / name)
    return parser


def commands() -> Iterator[list[str]]:
    """The arguments of `titrate` in each file."""
    cron = (FOLDER / "titrate.cron").read_text(encoding="utf-8")
    (line,) = re.findall(r"^30 4 \* \* \* titrate /opt/titrate/bin/titrate ([^>]+)", cron, flags=re.MULTILINE)
    yield shlex.split(line)
    yield shlex.split(unit("titrate-sync.service")["Service"]["ExecStart"])[1:]
    yield manifest()["containers"][0]["args"]


def test_the_table_of_settings_is_the_code_s() -> None:
    """`python -m tests.docs.settings_table` writes it."""
    text = PAGE.read_text(encoding="utf-8")
    assert with_table(text) == text
    assert all(f"`{one}`" in text for one in VARIABLES)


def test_every_command_that_is_scheduled_is_one() -> None:
    """With options that it takes."""
    listed = list(commands())
    assert len(listed) == 3
    for name, *arguments in listed:
        top = click.Context(main, help_option_names=["-h", "--help"])
        command = main.get_command(top, name)
        assert command is not None
        assert command.make_context(name, arguments, parent=top).params["dry_run"] is False


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_every_setting_that_a_file_names_exists(path: Path) -> None:
    """A typo would be a default in disguise."""
    assert set(re.findall(r"\bTITRATE_[A-Z_]+", path.read_text(encoding="utf-8"))) <= VARIABLES


def test_the_example_of_a_settings_file_is_right() -> None:
    """Every key, every form."""
    text = (FOLDER / "titrate.toml").read_text(encoding="utf-8")
    assert SCHEMA.validate(tomllib.loads(text)) == {}


def test_a_stop_leaves_time_to_finish_the_patients_in_hand() -> None:
    """On systemd and on Kubernetes, more than one answer of the EHR may take."""
    assert int(unit("titrate-sync.service")["Service"]["TimeoutStopSec"]) > 60
    assert manifest()["terminationGracePeriodSeconds"] > 60


def test_the_timer_starts_the_service() -> None:
    """They go together by name, and both schedules say the same hour."""
    assert (FOLDER / "titrate-sync.service").exists()
    assert unit("titrate-sync.timer")["Timer"]["OnCalendar"] == "*-*-* 04:30:00"
