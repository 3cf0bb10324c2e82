"""What commands share: the settings, the rules, the decision time, the EHR client, and its failures as exit codes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import click

from titrate.app.pipeline import PlanningRules
from titrate.cli.errors import FailureError, UnreachableError, UsageError
from titrate.clinical.values.completeness import UnusedTypes
from titrate.ehr.client import EHR, connect
from titrate.ehr.errors import EHRError, Unreachable
from titrate.event_log import EventLog, open_event_log
from titrate.fhir.site import Site
from titrate.messages.cli import (
    EhrFailure,
    FhirUrlNotSet,
    InstantFormat,
    InstantOutOfRange,
    InstantWithoutOffset,
    UnknownProgramme,
)
from titrate.rulebook import InvalidMappings, load_with_lookup
from titrate.settings import Settings, SettingsError, load_settings
from titrate.settings.values import EARLIEST, LATEST


def read_settings() -> Settings:
    """The settings of this process. Raises UsageError with every mistake in them."""
    try:
        return load_settings()
    except SettingsError as error:
        raise UsageError(str(error)) from None


def read_rules(settings: Settings) -> PlanningRules:
    """The rulebook and the site. Raises UsageError with every mistake in the mapping files."""
    try:
        rulebook, lookup = load_with_lookup(settings.mappings, settings.canonical, settings.overrides)
    except InvalidMappings as error:
        raise UsageError(str(error)) from None
    if settings.programme not in rulebook.programmes:
        raise UsageError(UnknownProgramme(known=tuple(sorted(rulebook.programmes))))
    site, unused = fhir_site(settings), UnusedTypes(settings.not_used_here, settings.not_used_here_by or "")
    return PlanningRules(rulebook, lookup, site, settings.programme, settings.lookback_days, unused)


def fhir_site(settings: Settings) -> Site:
    """The site that the settings describe."""
    site = Site(canonical=settings.canonical, zone=settings.zone, organisation=settings.organisation)
    return replace(site, task_owner=settings.owner)


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


def instant(text: str | None) -> datetime:
    """The time of the decision: an ISO 8601 instant with an offset, or now. Raises click.BadParameter."""
    if text is None:
        return now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(str(InstantFormat())) from None
    if at.tzinfo is None:
        raise click.BadParameter(str(InstantWithoutOffset()))
    if not EARLIEST <= at <= LATEST:
        raise click.BadParameter(str(InstantOutOfRange(first=EARLIEST.year, last=LATEST.year)))
    return at


def stderr_log(settings: Settings) -> EventLog:
    """The event log on standard error, in the form and level of the settings."""
    return open_event_log(sys.stderr, settings.log_form, settings.log_level)


def require_fhir_url(settings: Settings) -> None:
    """Raises UsageError unless the settings name an EHR."""
    if settings.fhir_url is None:
        raise UsageError(FhirUrlNotSet())


def connect_ehr(settings: Settings) -> EHR:
    """A client of the EHR in the settings. Raises UsageError if they name none."""
    require_fhir_url(settings)
    return connect(settings, stderr_log(settings))


@contextmanager
def ehr_failures() -> Iterator[None]:
    """Turns a failure of the EHR into UnreachableError or FailureError, with its code and its message."""
    try:
        yield
    except Unreachable as error:
        raise UnreachableError(EhrFailure(code=error.code, problem=str(error))) from None
    except EHRError as error:
        raise FailureError(EhrFailure(code=error.code, problem=str(error))) from None
