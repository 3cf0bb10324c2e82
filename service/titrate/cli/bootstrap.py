"""What commands share: settings, rules, the moment, and how a failure becomes an exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import NoReturn

import click

from titrate.app.pipeline import PlanningRules
from titrate.ehr.errors import EHRError, Unreachable
from titrate.fhir.site import Site
from titrate.rulebook import load_with_lookup
from titrate.rulebook.errors import InvalidMappings
from titrate.settings import Settings, SettingsError, load_settings
from titrate.settings.validators import EARLIEST, LATEST

FAILED, WRONG_USE, UNREACHABLE = 1, 2, 3


def exit_with_message(message: str, code: int) -> NoReturn:
    """Say what is wrong on standard error and end with this exit code."""
    click.echo(message, err=True)
    sys.exit(code)


def settings_or_stop() -> Settings:
    """The settings of this process, or every mistake in them and exit code 2."""
    try:
        return load_settings()
    except SettingsError as error:
        exit_with_message(str(error), WRONG_USE)


def rules_or_stop(settings: Settings) -> PlanningRules:
    """The rulebook and the site, or every mistake in the mapping files and exit code 2."""
    try:
        rulebook, lookup = load_with_lookup(settings.mappings, settings.canonical, settings.overrides)
    except InvalidMappings as error:
        exit_with_message(str(error), WRONG_USE)
    if settings.programme not in rulebook.programmes:
        known = ", ".join(sorted(rulebook.programmes))
        exit_with_message(
            f"TITRATE_PROGRAMME: there is no programme of this name in the mappings; there are {known}.", WRONG_USE
        )
    return PlanningRules(rulebook, lookup, fhir_site(settings), settings.programme, settings.lookback_days)


def fhir_site(settings: Settings) -> Site:
    """The site that the settings describe."""
    site = Site(canonical=settings.canonical, zone=settings.zone, organisation=settings.organisation)
    return replace(site, task_owner=settings.owner)


def instant(text: str | None, now: datetime | None = None) -> datetime:
    """The moment of the decision: an ISO 8601 instant with an offset, or now."""
    if text is None:
        return now or datetime.now(UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("write an instant like 2025-01-13T09:00:00+00:00") from None
    if at.tzinfo is None:
        raise click.BadParameter("the instant needs an offset, as in 2025-01-13T09:00:00+00:00 or ...Z")
    if not EARLIEST <= at <= LATEST:
        raise click.BadParameter("the instant must lie between 2000 and 2100")
    return at


@contextmanager
def ehr_failures() -> Iterator[None]:
    """Turns an EHR's failure into its name and sentence and the exit code: 3 when it cannot be reached, else 1."""
    try:
        yield
    except Unreachable as error:
        exit_with_message(f"{error.code}: {error}", UNREACHABLE)
    except EHRError as error:
        exit_with_message(f"{error.code}: {error}", FAILED)
