"""The server's CapabilityStatement. Statements can be wrong, so they inform and decide nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from titrate.ehr.client import EHR
from titrate.ehr.errors import BadAnswer, EHRError
from titrate.messages import ehr_errors

SUPPORTED_VERSIONS = ("4.0", "4.3")
EXCHANGE = "read CapabilityStatement"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerProfile:
    """A server as it describes itself. `searchable` has the search parameters of each type that can be searched.

    `types` are the types that it lists, searchable or not; `interactions`: whether it says what can be done with them.
    `profiles` are the profiles that it declares, without their versions.
    """

    fhir_version: str
    transaction: bool
    searchable: Mapping[str, frozenset[str]]
    types: frozenset[str] = frozenset()
    interactions: bool = False
    profiles: frozenset[str] = frozenset()

    def lacks(self, resource_type: str) -> bool:
        """Whether the statement says that there is no such type: it lists interactions, and the type is not listed."""
        return self.interactions and resource_type not in self.types

    @property
    def supports_r4(self) -> bool:
        """Whether the service reads and writes its FHIR version (4.0.x, 4.3.x)."""
        return self.fhir_version.startswith(SUPPORTED_VERSIONS)


def probe(ehr: EHR) -> ServerProfile:
    """The profile of `ehr`, by one request."""
    statement = ehr.get("metadata", EXCHANGE)
    if statement.get("resourceType") != "CapabilityStatement":
        raise BadAnswer(EXCHANGE, ehr_errors.EhrOtherResource())
    return server_profile(statement)


def server_profile(statement: Mapping[str, Any]) -> ServerProfile:
    """The profile in a CapabilityStatement. Every `rest` of a server counts.

    What it does not declare counts as not supported, except that a type can be there without being listed (`lacks`).
    """
    modes = [mode for mode in _objects(statement.get("rest")) if mode.get("mode") == "server"]
    resources = [(str(resource.get("type")), resource) for mode in modes for resource in _objects(mode.get("resource"))]
    searchable: dict[str, frozenset[str]] = {}
    for name, resource in resources:
        if "search-type" in _interactions(resource):
            parameters = frozenset(str(parameter.get("name")) for parameter in _objects(resource.get("searchParam")))
            searchable[name] = searchable.get(name, frozenset()) | parameters
    return ServerProfile(
        fhir_version=str(statement.get("fhirVersion", "")),
        transaction=any("transaction" in _interactions(mode) for mode in modes),
        searchable=searchable,
        types=frozenset(name for name, _ in resources),
        interactions=any(_interactions(resource) for _, resource in resources),
        profiles=frozenset(profile for _, resource in resources for profile in _profiles(resource)),
    )


def known_profiles(ehr: EHR) -> frozenset[str]:
    """The profiles that `ehr` declares; empty where it declares none. One request per client."""
    if ehr.profiles is None:
        try:
            ehr.profiles = probe(ehr).profiles
        except EHRError:
            ehr.profiles = frozenset()
    return ehr.profiles


def _profiles(resource: Mapping[str, Any]) -> Iterator[str]:
    supported = resource.get("supportedProfile")
    urls = [resource.get("profile"), *(supported if isinstance(supported, list) else ())]
    yield from (url.partition("|")[0] for url in urls if isinstance(url, str))


def _interactions(element: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(interaction.get("code")) for interaction in _objects(element.get("interaction")))


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    yield from (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()
