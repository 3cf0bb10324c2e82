"""Who signed: whether a reference names a clinician whose word may let a dose rise (B13.7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from titrate.fhir.elements import EMPTY, Element, is_modified, local_date, part, parts, target, text

SIGNER_TYPES = frozenset({"Practitioner", "PractitionerRole"})


def target_type(reference: Element) -> str:
    """The resource type of a Reference, from its literal reference, else from `type`."""
    steps = (text(reference, "reference") or "").partition("/_history/")[0].split("/")
    return steps[-2] if len(steps) > 1 else text(reference, "type") or ""


def may_sign(who: Element, signers: Mapping[str, Element], today: date, zone: str) -> bool:
    """Whether a Reference names a known practitioner who is active; one of whom there is only a name is not known.

    `signers` are the resources of the record by `Type/id`. A practitioner who is not among them counts as active.
    """
    reference = target(who)
    is_named = reference is not None and "/" in reference
    if target_type(who) not in SIGNER_TYPES or not (is_named or text(part(who, "identifier"), "value")):
        return False
    return all(_is_active(one, today, zone) for one in _records_of(who, signers))


def _records_of(who: Element, signers: Mapping[str, Element]) -> Iterator[Element]:
    """What the record holds of a signer: by reference or identifier, and of a role its practitioner."""
    reference, named = target(who), _identifier(part(who, "identifier"))
    found = [signers.get(reference, EMPTY)] if reference is not None else []
    if named is not None:
        found += [one for one in signers.values() if named in map(_identifier, parts(one, "identifier"))]
    for one in found:
        yield one
        yield signers.get(target(part(one, "practitioner")) or "", EMPTY)


def _identifier(element: Element) -> tuple[str | None, str] | None:
    value = text(element, "value")
    return None if value is None else (text(element, "system"), value)


def _is_active(signer: Element, today: date, zone: str) -> bool:
    """Whether a Practitioner or PractitionerRole is active today. A statement that cannot be read is no yes."""
    written = [part(signer, "period").get(key) for key in ("start", "end")]
    start, end = (local_date(one, zone) for one in written)
    readable = all(day is not None for one, day in zip(written, (start, end), strict=True) if one is not None)
    in_period = (start is None or start <= today) and (end is None or end >= today)
    return signer.get("active") in (None, True) and readable and in_period and not is_modified(signer)
