"""Items of a Questionnaire: a measure, a red flag, an exercise or an amount of the mappings as a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from titrate.clinical.values.quantity import REPETITIONS
from titrate.clinical.values.rulebook import Exercise, Kind, Measure, RedFlag, Rulebook
from titrate.fhir.site import Site
from titrate.messages import Message

Json = dict[str, Any]
UCUM = "http://unitsofmeasure.org"
STRUCTURE = "http://hl7.org/fhir/StructureDefinition"
# Units of plain numbers: the question itself names what it counts.
UNITLESS = frozenset({"{score}", "1", REPETITIONS})


def measure_item(link: str, measure: Measure, rulebook: Rulebook, site: Site) -> Json:
    """The item that asks for a measure under this linkId."""
    item = {"linkId": link, "text": measure.display, **_answer(measure, rulebook, site)}
    codes = [{"system": one.system, "code": one.code, "display": one.display} for one in measure.codings]
    return {"linkId": link, "code": codes, **item} if codes else item


def screen_item(flag: RedFlag, site: Site) -> Json:
    """The item of a safety screen for one red flag."""
    code = {"system": site.codes, "code": flag.name}
    return {"linkId": flag.name, "code": [code], "text": flag.question, "type": "boolean"}


def plain_item(link: str, text: Message, kind: str) -> Json:
    """An item without a measure, such as the date of the answers."""
    return {"linkId": link, "text": str(text), "type": kind}


def group_item(link: str, text: Message, items: list[Json], *, repeats: bool = False) -> Json:
    """A group of items."""
    head: Json = {"linkId": link, "text": str(text), "type": "group"}
    return {**head, **({"repeats": True} if repeats else {}), "item": items}


def exercise_item(link: str, text: Message, library: Iterable[Exercise], site: Site) -> Json:
    """The item that asks for an exercise of the library."""
    options = [_option(site.codes, one.code, one.display) for one in library]
    return {"linkId": link, "text": str(text), "type": "choice", "answerOption": options}


def amount_item(link: str, text: Message, units: Iterable[str]) -> Json:
    """The item for an amount of an exercise, in one of these UCUM units."""
    return {"linkId": link, "text": str(text), "type": "quantity", "extension": [_unit(unit) for unit in units]}


def amount_units(rulebook: Rulebook) -> tuple[str, ...]:
    """The units of amounts of the library's exercises, each once."""
    return tuple(dict.fromkeys(one.amount_unit for one in rulebook.exercises.values()))


def _answer(measure: Measure, rulebook: Rulebook, site: Site) -> Json:
    if measure.kind is Kind.BOOLEAN:
        return {"type": "boolean"}
    if measure.kind is Kind.TEXT:
        return {"type": "text"}
    if measure.kind is Kind.CODE:
        options = measure.options or tuple(rulebook.exercises)
        return {
            "type": "choice",
            "answerOption": [_option(site.codes, one, _display(one, rulebook)) for one in options],
        }
    return _number(measure, rulebook)


def _number(measure: Measure, rulebook: Rulebook) -> Json:
    if not measure.unit:
        return {"type": "quantity", "extension": [_unit(unit) for unit in amount_units(rulebook)]}
    if measure.unit not in UNITLESS:
        return {"type": "quantity", "extension": [_unit(unit) for unit in (measure.unit, *measure.units)]}
    kind = "integer" if measure.grid == 1 else "decimal"
    bounds = list(_bounds(measure, kind))
    return {"type": kind, "extension": bounds} if bounds else {"type": kind}


def _bounds(measure: Measure, kind: str) -> Iterator[Json]:
    for name, bound in (("minValue", measure.low), ("maxValue", measure.high)):
        if bound is not None:
            yield {"url": f"{STRUCTURE}/{name}", f"value{kind.capitalize()}": _bound(bound, kind)}


def _bound(bound: Decimal, kind: str) -> int | Decimal:
    return int(bound) if kind == "integer" else bound


def _unit(unit: str) -> Json:
    return {"url": f"{STRUCTURE}/questionnaire-unitOption", "valueCoding": _coding(UCUM, unit, unit)}


def _option(system: str, code: str, display: str) -> Json:
    return {"valueCoding": _coding(system, code, display)}


def _coding(system: str, code: str, display: str) -> Json:
    return {"system": system, "code": code, "display": display}


def _display(option: str, rulebook: Rulebook) -> str:
    """The display of an option: the name of an exercise, else the code in words."""
    known = rulebook.exercises.get(option)
    return known.display if known else option.replace("-", " ").capitalize()
