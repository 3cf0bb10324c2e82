"""Checks beyond the form of one setting: addresses, time zones, references, the token, and dependent settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from titrate.messages import Message
from titrate.messages import installation as messages
from titrate.settings.values import FHIR_ID, PREFIX, is_loopback

Problem = tuple[str, Message]
REFERENCE_TYPES = {
    "organisation": ("Organization",),
    "owner": ("Practitioner", "PractitionerRole", "Organization", "CareTeam", "HealthcareService"),
}
TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")


def setting_problems(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Each setting that cannot be used, with its problem. `values` are those that have the right form."""
    for check in (_addresses, _zone, _references, _ledger, _enrolled, _provider, _unused_types):
        yield from check(values)


def token_problems(values: Mapping[str, Any], token: str | None) -> Iterator[Problem]:
    """What is wrong with the token or with the address to which it is sent. No part of the token is shown."""
    setting = "token_file" if "token_file" in values else "token"
    url = urlsplit(str(values.get("fhir_url", "")))
    if "token" in values and "token_file" in values:
        yield "token", messages.TokenSetTwice(variable=f"{PREFIX}TOKEN_FILE")
    elif token is None:
        if setting in values:
            yield "token_file", messages.TokenFileUnreadable()
    elif not TOKEN.fullmatch(token):
        yield setting, messages.TokenNotValid()
    elif url.scheme == "http" and not is_loopback(url.hostname):
        yield "fhir_url", messages.TokenNeedsHttps()


def _addresses(values: Mapping[str, Any]) -> Iterator[Problem]:
    for name in ("fhir_url", "canonical"):
        problem = _address_problem(values[name]) if name in values else None
        if problem is not None:
            yield name, problem


def _address_problem(text: str) -> Message | None:
    try:
        url = urlsplit(text)
        host = url.hostname
        _ = url.port  # raises ValueError when it is not a number
    except ValueError:
        return messages.SettingNotAnAddress()
    if url.scheme not in ("http", "https") or not host:
        return messages.SettingNotHttp()
    if url.username or url.password or url.query or url.fragment:
        return messages.SettingAddressWithExtras()
    return None


def _zone(values: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        ZoneInfo(values.get("zone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield "zone", messages.SettingNotATimeZone()


def _references(values: Mapping[str, Any]) -> Iterator[Problem]:
    for name, types in REFERENCE_TYPES.items():
        if name in values and not _is_reference(values[name], types):
            yield name, messages.SettingNotAReference(example=f"{types[0]}/123", types=types)


def _is_reference(text: str, types: tuple[str, ...]) -> bool:
    resource_type, _, resource_id = text.partition("/")
    return resource_type in types and FHIR_ID.fullmatch(resource_id) is not None


def _ledger(values: Mapping[str, Any]) -> Iterator[Problem]:
    address = values.get("ledger")
    if not isinstance(address, str):
        return
    try:
        url = urlsplit(address)
        _ = url.port  # raises ValueError when it is not a number
    except ValueError:
        yield "ledger", messages.SettingNotAnAddress()
        return
    if len(url.path) < 2:
        yield "ledger", messages.SettingLedgerWithoutDatabase()


def _enrolled(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Checks the form only: a command that does not read the file must not fail because it is missing."""
    choice = values.get("enrolled", "all")
    if not (choice == "all" or _is_reference(choice, ("Group",)) or (choice and Path(choice).suffix)):
        yield "enrolled", messages.SettingNotAnEnrolment()


def _unused_types(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Types count as empty only where the declaration has an author."""
    if values.get("not_used_here") and not str(values.get("not_used_here_by") or "").strip():
        yield "not_used_here_by", messages.SettingRequiredWith(setting="not_used_here")


def _provider(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Keys alone would accept every token that the provider signs, for any service."""
    if "api_keys" in values:
        for name in ("api_issuer", "api_audience"):
            if not values.get(name):
                yield name, messages.SettingRequiredWith(setting="api_keys")
