"""What no single setting can be asked about: addresses, zones, references, tokens and how they go together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from titrate.settings.validators import FHIR_ID
from titrate.settings.values import LOOPBACK, PREFIX

Problems = dict[str, str]
OWNERS = ("Practitioner", "PractitionerRole", "Organization", "CareTeam", "HealthcareService")
TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")


def problems_in(values: Mapping[str, Any]) -> Problems:
    """A sentence for each setting that cannot be used. `values` has those that have the right form."""
    looks = (_addresses, _zone, _references, _ledger, _enrolled, _api)
    return {name: sentence for look in looks for name, sentence in look(values).items()}


def token_problems(values: Mapping[str, Any], token: str | None) -> Problems:
    """What is wrong with the token or with where it would be sent. Shows no part of it."""
    where = "token_file" if "token_file" in values else "token"
    if "token" in values and "token_file" in values:
        return {"token": f"Set this or {PREFIX}TOKEN_FILE, not both."}
    if token is None:
        return {"token_file": "The file cannot be read."} if where in values else {}
    if not TOKEN.fullmatch(token):
        return {where: "It holds no bearer token (letters, digits and ._~+/=- only)."}
    url = urlsplit(str(values.get("fhir_url", "")))
    if url.scheme == "http" and url.hostname not in LOOPBACK:
        return {"fhir_url": "The address must be https when a token is sent, or anyone on the way can read it."}
    return {}


def _addresses(values: Mapping[str, Any]) -> Problems:
    found = {}
    for name in ("fhir_url", "canonical"):
        problem = _address(values[name]) if name in values else None
        if problem:
            found[name] = problem
    return found


def _address(text: str) -> str | None:
    try:
        url = urlsplit(text)
        host = url.hostname
        _ = url.port
    except ValueError:
        return "Is no address."
    if url.scheme not in ("http", "https") or not host:
        return "Must be an http or https address with a host."
    if url.username or url.password or url.query or url.fragment:
        return "Must hold no user, password, query or fragment."
    return None


def _zone(values: Mapping[str, Any]) -> Problems:
    try:
        ZoneInfo(values.get("zone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return {"zone": "Is no IANA time zone; write it like Europe/Vienna."}
    return {}


def _references(values: Mapping[str, Any]) -> Problems:
    proposal = (("organisation", ("Organization",)), ("owner", OWNERS))
    return {
        name: f"Must be a reference of the EHR such as {types[0]}/123; allowed: {', '.join(types)}."
        for name, types in proposal
        if name in values and not _is_reference(values[name], types)
    }


def _is_reference(text: str, types: tuple[str, ...]) -> bool:
    kind, _, name = text.partition("/")
    return kind in types and FHIR_ID.fullmatch(name) is not None


def _ledger(values: Mapping[str, Any]) -> Problems:
    place = values.get("ledger")
    if isinstance(place, str):
        try:
            url = urlsplit(place)
            _ = url.port
        except ValueError:
            return {"ledger": "Is no address."}
        if len(url.path) < 2:
            return {"ledger": "Must name a database, as in postgresql://USER@HOST/DATABASE."}
    return {}


def _enrolled(values: Mapping[str, Any]) -> Problems:
    """Not whether the file is there: a command that does not need it must not stop for it."""
    choice = values.get("enrolled", "all")
    fits = choice == "all" or _is_reference(choice, ("Group",)) or (choice and Path(choice).suffix)
    return {} if fits else {"enrolled": "Must be `all`, `Group/ID`, or the path of a file such as ids.txt."}


def _api(values: Mapping[str, Any]) -> Problems:
    """Keys alone would let in every token that the provider signs, for whatever service."""
    if "api_keys" not in values:
        return {}
    return {name: "Must be set beside `api_keys`." for name in ("api_issuer", "api_audience") if not values.get(name)}
