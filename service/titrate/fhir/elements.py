"""Tolerant access to single FHIR elements: an absent or misshapen element is None or empty, never an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

from titrate.clinical.values.code_lookup import Key
from titrate.fhir.code_systems import SNOMED, focus_concepts, known_system

# Code that reads takes read-only mappings; code that writes builds dicts, which are sent unchanged.
Element = Mapping[str, Any]
Resource = Element
Json = dict[str, Any]

EMPTY: Element = MappingProxyType({})
_WIDEST = timedelta(hours=14)

# Elements of the resources that are read in which FHIR allows a modifierExtension.
_PARTS_WITH_MODIFIERS = frozenset(
    {
        "component", "item", "answer", "agent", "activity", "detail", "provision", "occurrenceTiming",
        "effectiveTiming", "scheduledTiming",
    }
)  # fmt: skip
# Every element is read by these. A tuple is checked much faster than a union made on the spot, and a dict, which nearly
# every object is, much faster than any other Mapping.
OBJECT = (dict, Mapping)
LIST = (list, tuple)
_NUMBER = (int, float, Decimal)


def part(element: Element, *path: str) -> Element:
    """The object at the end of a path of keys, or an empty one."""
    here: Any = element
    for key in path:
        here = here.get(key)
        if here is None or not isinstance(here, OBJECT):
            return EMPTY
    return here  # type: ignore[no-any-return]


def parts(element: Element, key: str) -> tuple[Element, ...]:
    """The objects of a repeating element; a single object counts as a list of one."""
    value = element.get(key)
    if value is None:
        return ()
    items = value if isinstance(value, LIST) else (value,)
    return tuple([item for item in items if isinstance(item, OBJECT)])


def count(element: Element, key: str) -> int:
    """How many entries a repeating element has, objects or not; a null is absent."""
    value = element.get(key)
    return sum(one is not None for one in (value if isinstance(value, LIST) else (value,)))


def text(element: Element, key: str) -> str | None:
    """The string under `key` without surrounding white space; None if it is blank."""
    value = element.get(key)
    return value.strip() or None if isinstance(value, str) else None


def stored_text(element: Element, key: str) -> str | None:
    """The string under `key` exactly as it was written; None if it is blank."""
    value = element.get(key)
    return value if isinstance(value, str) and value.strip() else None


def coding_key(coding: Element) -> Key | None:
    """System and code of a Coding, with spellings of known systems brought to one; None if either is missing."""
    return next(iter(_keys(coding)), None)


def _keys(coding: Element) -> tuple[Key, ...]:
    """System and code of a Coding; of a SNOMED CT expression one for each of its focus concepts."""
    written, code = text(coding, "system"), coded(coding)
    return () if written is None or code is None else _keys_of(written, code)


@lru_cache(maxsize=4096)
def _keys_of(written: str, code: str) -> tuple[Key, ...]:
    system = known_system(written)
    return tuple((system, one) for one in (focus_concepts(code) if system == SNOMED else (code,)))


def coded(coding: Element) -> str | None:
    """The code of a Coding; some programs write it as a JSON number, or in full-width characters."""
    written = text(coding, "code")
    if written is not None and not written.isascii():
        written = normalize("NFKC", written)
    whole = number(coding.get("code")) if written is None else None
    return written if whole is None or whole != int(whole) else str(int(whole))


def coding_keys(concept: Element) -> tuple[Key, ...]:
    """Every (system, code) of a CodeableConcept."""
    return tuple([key for coding in parts(concept, "coding") for key in _keys(coding)])


def codes(concept: Element, system: str) -> tuple[str, ...]:
    """The codes of a CodeableConcept in one system."""
    return tuple(code for found, code in coding_keys(concept) if found == system)


def concept_texts(concept: Element) -> Iterator[str]:
    """The texts of a CodeableConcept: its `text` and the displays of its codings."""
    texts = (text(concept, "text"), *(text(coding, "display") for coding in parts(concept, "coding")))
    return (one for one in texts if one is not None)


def label(concept: Element) -> str:
    """The best text for a CodeableConcept: its first text, else its first code; empty if it has neither."""
    codes_alone = (coded(coding) for coding in parts(concept, "coding"))
    return next(concept_texts(concept), "") or next((code for code in codes_alone if code is not None), "")


def identifier(resource: Resource, system: str) -> str | None:
    """The value of the first identifier in a system."""
    for item in parts(resource, "identifier"):
        if item.get("system") == system:
            return text(item, "value")
    return None


def name(resource: Resource) -> str:
    """`Type/id` of a resource; `Resource/?` where type and id are missing.

    A resource of another server, or contained in another resource, has its whole name in place of an id
    (`with_name`).
    """
    own = text(resource, "id") or "?"
    return own if "/" in own else f"{text(resource, 'resourceType') or 'Resource'}/{own}"


def with_name(resource: Resource, whole: str) -> Json:
    """The resource known by a name with a slash: an absolute URL, or the `Type/id` of the resource that contains it."""
    return {**resource, "id": whole}


def is_modified(resource: Element) -> bool:
    """Whether a record follows rules, or has a part with a modifying extension, of which none is known (B13.6)."""
    return modifier(resource) is not None


def modifier(resource: Element) -> str | None:
    """The element that modifies a record or a part of it: `implicitRules` or `modifierExtension`; None without one."""
    if resource.get("implicitRules"):
        return "implicitRules"
    if resource.get("modifierExtension"):
        return "modifierExtension"
    if _PARTS_WITH_MODIFIERS.isdisjoint(resource):
        return None
    for key in sorted(_PARTS_WITH_MODIFIERS.intersection(resource)):
        for element in parts(resource, key):
            if found := modifier(element):
                return found
    return None


def target(reference: Resource) -> str | None:
    """The target of a Reference without its version: `Type/id`, or the URL of a resource of another server.

    `urn:` references stay unchanged. References to the own server are `Type/id` already (titrate.fhir.references).
    """
    literal = text(reference, "reference")
    if literal is None or literal.startswith(("urn:", "#")):
        return literal
    found = literal.split("/_history/")[0]
    return found if "://" in found else "/".join(found.split("/")[-2:])


def targets(resource: Resource, key: str) -> tuple[str, ...]:
    """The targets of the References under `key`, in their order."""
    return tuple(found for item in parts(resource, key) if (found := target(item)) is not None)


def extension_targets(resource: Resource, url: str) -> tuple[str, ...]:
    """The targets of `valueReference` in all extensions with this URL."""
    return tuple(
        found
        for item in parts(resource, "extension")
        if item.get("url") == url and (found := target(part(item, "valueReference"))) is not None
    )


def number(value: object) -> Decimal | None:
    """A finite JSON number as a Decimal; None for booleans, strings and everything else."""
    if isinstance(value, bool) or not isinstance(value, _NUMBER):
        return None
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    return exact if exact.is_finite() else None


def unit(quantity: Element) -> str | None:
    """The unit code of a Quantity, else its unit text."""
    return text(quantity, "code") or text(quantity, "unit")


def on_the_clock(when: datetime, zone: ZoneInfo) -> datetime:
    """A time as local time of the zone with a fixed offset; a time without an offset is read as local time.

    Python subtracts two times of one ZoneInfo by wall clock. With fixed offsets the difference is the elapsed time,
    also across a change to or from daylight saving time (clinical rule B11.8).
    """
    local = when.astimezone(zone) if when.tzinfo else when.replace(tzinfo=zone)
    offset = _fixed_offset(local.utcoffset() or timedelta(0))
    return when.astimezone(offset) if when.tzinfo else local.replace(tzinfo=offset, fold=0)


def on_its_clock(when: datetime, zone: ZoneInfo) -> datetime:
    """A time as local time by the offset that it carries, and by the zone if it carries none or that of UTC.

    Servers normalise times to UTC, so that offset says nothing about where the patient was (B13.12).
    """
    offset = when.utcoffset()
    return when if offset and offset == _fhir_offset(offset) else on_the_clock(when, zone)


@lru_cache(maxsize=256)
def _fixed_offset(offset: timedelta) -> timezone:
    return timezone(_fhir_offset(offset))


@lru_cache(maxsize=256)
def _fhir_offset(offset: timedelta) -> timedelta:
    """The nearest offset that FHIR can state: whole minutes, at most 14 hours.

    Before standard time zones had offsets with seconds, and a few of more than 15 hours.
    """
    return max(-_WIDEST, min(_WIDEST, timedelta(minutes=round(offset / timedelta(minutes=1)))))


def utc(at: datetime) -> datetime:
    """The same time in UTC, for comparing and sorting."""
    return at.astimezone(UTC)


def exists_in_utc(when: datetime) -> bool:
    """Whether the time can be converted to UTC: 1 January of year 1 east of Greenwich cannot."""
    try:
        utc(when)
    except OverflowError:
        return False
    return True


def instant(value: object, zone: str) -> datetime | None:
    """A FHIR date or dateTime as an aware time in the zone.

    A partial date starts on its first day; a time without an offset is local.
    """
    if not isinstance(value, str):
        return None
    written = value.strip()
    try:
        when = datetime.fromisoformat(
            written + "-01" * max(0, 2 - written.count("-")) if len(written) < 10 else written
        )
        local = on_the_clock(when, ZoneInfo(zone))
    except (ValueError, OverflowError):
        return None
    return local if exists_in_utc(local) else None


def local_date(value: object, zone: str) -> date | None:
    """The local date of a FHIR date or dateTime."""
    when = instant(value, zone)
    return when.date() if when else None


def updated(resource: Resource, zone: str) -> datetime | None:
    """`meta.lastUpdated`: when the server last wrote the resource. It never dates a clinical event."""
    return instant(part(resource, "meta").get("lastUpdated"), zone)
