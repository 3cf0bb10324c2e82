"""Short names of code systems in mapping files, and what can be checked about a code without a terminology server."""

from __future__ import annotations

import re

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
ICD10 = ("http://hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-10")
LOCAL = "titrate"
_SHORT = {"loinc": LOINC, "snomed": SNOMED, "rxnorm": RXNORM, "atc": ATC}
_LOINC_CODE = re.compile(r"(LA)?(\d{1,7})-(\d)")
# What the letters LA of an answer code add to its check digit: with an even and with an odd number of digits.
_LETTERS = (5, 2)
# Verhoeff's scheme, by which SNOMED CT ends every identifier with a check digit.
_TIMES = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_TURN = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def system_uri(system: str, canonical: str) -> str | None:
    """The URI of a code system: of a short name, of our own, or an address as it stands. None if it is neither."""
    if system == LOCAL:
        return f"{canonical}/CodeSystem/titrate"
    if system in _SHORT:
        return _SHORT[system]
    return system if re.match(r"(https?://|urn:)\S+$", system) else None


def code_problem(system: str, code: str) -> str | None:
    """What is wrong with a code, as far as its own digits tell; None when nothing is."""
    if not code or code != code.strip():
        return "The code is empty or has blanks around it"
    if system in {"loinc", LOINC} and not _loinc(code):
        return "This is no LOINC code: its check digit does not fit, look it up again"
    if system in {"snomed", SNOMED} and not _snomed(code):
        return "This is no SNOMED CT code: its check digit does not fit, look it up again"
    return None


def _loinc(code: str) -> bool:
    parts = _LOINC_CODE.fullmatch(code)
    if parts is None:
        return False
    digits = [int(digit) for digit in reversed(parts.group(2))]
    doubled = [sum(divmod(digit * 2, 10)) if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    letters = 0 if parts.group(1) is None else _LETTERS[len(digits) % 2]
    return (letters - sum(doubled)) % 10 == int(parts.group(3))


def _snomed(code: str) -> bool:
    if not re.fullmatch(r"[1-9]\d{5,17}", code):
        return False
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = int(_TIMES[check][int(_TURN[place % 8][int(digit)])])
    return check == 0
