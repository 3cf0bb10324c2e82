"""Who signed what a patient's resources hold: the practitioners and roles whose resources must be read too."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from titrate.ehr.client import EHR

SIGNER = re.compile(r"((?:Practitioner|PractitionerRole)/[A-Za-z0-9.-]{1,64})(?:/_history/[A-Za-z0-9.-]{1,64})?")


def signatures(resources: Iterable[Mapping[str, Any]], codes: Collection[str]) -> Iterator[Mapping[str, Any]]:
    """The References to who acted in a Provenance, or performed an Observation with one of these codes.

    The code counts whatever its system: systems are spelled in several ways, and one signer too many does no harm.
    """
    for resource in resources:
        if resource.get("resourceType") == "Provenance":
            yield from (who for agent in _objects(resource.get("agent")) for who in _objects(agent.get("who")))
        elif resource.get("resourceType") == "Observation" and not _codes_of(resource).isdisjoint(codes):
            yield from _objects(resource.get("performer"))


def practitioners(resources: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The References of PractitionerRoles to their practitioners."""
    return (one for resource in resources for one in _objects(resource.get("practitioner")))


def named_signers(ehr: EHR, references: Iterable[Mapping[str, Any]]) -> set[str]:
    """The practitioners of this EHR and their roles among these References, as `Type/id`."""
    texts = (ehr.relative(str(one.get("reference"))) for one in references)
    return {match[1] for one in texts if (match := SIGNER.fullmatch(one))}


def _codes_of(observation: Mapping[str, Any]) -> set[str]:
    """The codes of an Observation and its components."""
    coded = (observation, *_objects(observation.get("component")))
    concepts = (concept for one in coded for concept in _objects(one.get("code")))
    return {str(coding.get("code")).strip() for concept in concepts for coding in _objects(concept.get("coding"))}


def _objects(value: object) -> list[dict[str, Any]]:
    """The objects of an element, of which some programs send one in place of a list."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
