"""What this server says it can do, from its CapabilityStatement. Statements can be wrong, so this only informs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from titrate.ehr.client import EHR
from titrate.ehr.errors import BadAnswer, EHRError

R4 = ("4.0", "4.3")


@dataclass(frozen=True, slots=True)
class ServerProfile:
    """A server as it describes itself. `searchable` has the search parameters of each type that can be searched.

    `profiles` are the profiles that it says it knows, without their versions.
    """

    fhir_version: str
    software: str
    software_version: str
    transaction: bool
    searchable: Mapping[str, frozenset[str]]
    creatable: frozenset[str]
    conditional_create: frozenset[str]
    profiles: frozenset[str] = frozenset()

    @property
    def speaks_r4(self) -> bool:
        """Whether its FHIR version is one that we read and write (4.0.x, 4.3.x)."""
        return self.fhir_version.startswith(R4)


def probe(ehr: EHR) -> ServerProfile:
    """The profile of `ehr`, by one request."""
    what = "read CapabilityStatement"
    statement = ehr.get("metadata", what)
    if statement.get("resourceType") != "CapabilityStatement":
        raise BadAnswer(what, "It is another resource.")
    return profile_of(statement)


def profile_of(statement: Mapping[str, Any]) -> ServerProfile:
    """What a CapabilityStatement says; parts it does not have count as not supported."""
    rest = next((one for one in _objects(statement.get("rest")) if one.get("mode") == "server"), {})
    types = {str(one.get("type")): one for one in _objects(rest.get("resource"))}
    software = statement.get("software")
    named: Mapping[str, Any] = software if isinstance(software, dict) else {}
    return ServerProfile(
        fhir_version=str(statement.get("fhirVersion", "")),
        software=str(named.get("name", "")),
        software_version=str(named.get("version", "")),
        transaction="transaction" in _codes(rest),
        searchable={kind: _parameters(one) for kind, one in types.items() if "search-type" in _codes(one)},
        creatable=frozenset(kind for kind, one in types.items() if "create" in _codes(one)),
        conditional_create=frozenset(kind for kind, one in types.items() if one.get("conditionalCreate") is True),
        profiles=frozenset(profile for one in types.values() for profile in _profiles(one)),
    )


def known_profiles(ehr: EHR) -> frozenset[str]:
    """The profiles that `ehr` says it knows; none where it says nothing. Asked once a client."""
    if ehr.profiles is None:
        try:
            ehr.profiles = probe(ehr).profiles
        except EHRError:
            ehr.profiles = frozenset()
    return ehr.profiles


def _profiles(one: Mapping[str, Any]) -> Iterator[str]:
    listed = one.get("supportedProfile")
    named = [one.get("profile"), *(listed if isinstance(listed, list) else ())]
    yield from (url.partition("|")[0] for url in named if isinstance(url, str))


def _parameters(one: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(parameter.get("name")) for parameter in _objects(one.get("searchParam")))


def _codes(one: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(interaction.get("code")) for interaction in _objects(one.get("interaction")))


def _objects(listed: object) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()
