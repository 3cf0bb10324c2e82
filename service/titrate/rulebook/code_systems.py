"""Code systems by the short names of mapping files, and checks of codes that need no terminology server."""

from __future__ import annotations

import re

from titrate.messages import Message
from titrate.messages.rulebook_problems import (
    CodeBlank,
    LoincCodeInvalid,
    SnomedCodeInvalid,
)

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
ICD10 = ("http://hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-10")
LOCAL = "titrate"
_SHORT = {"loinc": LOINC, "snomed": SNOMED, "rxnorm": RXNORM, "atc": ATC}
_LOINC_CODE = re.compile(r"(LA)?(\d{1,7})-(\d)")
# The letters LA of a LOINC answer code change its check digit by this: for an even and for an odd number of digits.
_LA_SUMS = (5, 2)
# SNOMED CT ends every identifier with a check digit by Verhoeff's scheme: its multiplication and permutation tables.
_MULTIPLICATION = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PERMUTATION = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def local_system(canonical: str) -> str:
    """The URI of the service's own code system."""
    return f"{canonical}/CodeSystem/titrate"


def system_uri(system: str, canonical: str) -> str | None:
    """The URI of a code system: for a short name, for the local system, or the given URI. None for anything else."""
    if system == LOCAL:
        return local_system(canonical)
    if system in _SHORT:
        return _SHORT[system]
    return system.rstrip("/") if re.match(r"(https?://|urn:)\S+$", system) else None


def code_problem(system: str, code: str) -> Message | None:
    """What is wrong with the form or the check digit of a code; None if it is valid."""
    if not code or code != code.strip():
        return CodeBlank()
    if system in {"loinc", LOINC} and not _is_loinc(code):
        return LoincCodeInvalid()
    if system in {"snomed", SNOMED} and not _is_snomed(code):
        return SnomedCodeInvalid()
    return None


def _is_loinc(code: str) -> bool:
    parts = _LOINC_CODE.fullmatch(code)
    if parts is None:
        return False
    digits = [int(digit) for digit in reversed(parts.group(2))]
    doubled = [sum(divmod(digit * 2, 10)) if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    letters = 0 if parts.group(1) is None else _LA_SUMS[len(digits) % 2]
    return (letters - sum(doubled)) % 10 == int(parts.group(3))


def _is_snomed(code: str) -> bool:
    if not re.fullmatch(r"[1-9]\d{5,17}", code):
        return False
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = int(_MULTIPLICATION[check][int(_PERMUTATION[place % 8][int(digit)])])
    return check == 0
