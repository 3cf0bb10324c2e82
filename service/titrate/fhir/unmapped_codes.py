"""Codes that were refused as not mapped: the ones for an integrator to map."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from titrate.clinical.values.readings import Refusal, RefusalReason
from titrate.fhir.elements import Resource, name, part, parts, text

_CODE = re.compile(r"[^\s|]{1,100}")
_COMPONENT = re.compile(r"Observation\.component\[(\d+)\]")


def unmapped_codes(resources: Sequence[Resource], refusals: Iterable[Refusal]) -> tuple[str, ...]:
    """`system|code` of each refused Observation, component, diagnosis or medicine, and the URL of each refused form."""
    by_name = {name(resource): resource for resource in resources}
    found = [refusal for refusal in refusals if refusal.reason is RefusalReason.NOT_MAPPED]
    return tuple(code for one in found for code in _codes(by_name.get(one.source.reference, {}), one.path))


def _codes(resource: Resource, path: str) -> Iterator[str]:
    if path == "QuestionnaireResponse.questionnaire":
        form = (text(resource, "questionnaire") or "").partition("|")[0]
        yield from [form] if _CODE.fullmatch(form) else []
    elif path in ("Observation.code", "Condition.code"):
        yield from _coded(resource)
    elif path.endswith(".medication"):
        yield from _codings(part(resource, "medicationCodeableConcept"))
    elif match := _COMPONENT.fullmatch(path):
        yield from _coded(parts(resource, "component")[int(match[1])])


def _coded(element: Resource) -> Iterator[str]:
    """The codes of an element, without texts that are not codes."""
    yield from _codings(part(element, "code"))


def _codings(concept: Resource) -> Iterator[str]:
    for coding in parts(concept, "coding"):
        system, code = str(coding.get("system", "")), str(coding.get("code", ""))
        if _CODE.fullmatch(code) and (not system or _CODE.fullmatch(system)):
            yield f"{system}|{code}"
