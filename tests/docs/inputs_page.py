"""The tables of docs/inputs.md out of the mappings, so that the page lists exactly what the service reads.

`python -m tests.docs.inputs_page docs/inputs.md` replaces the tables between the marks of the page.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from titrate.clinical.values.code_lookup import CodeLookup, ConceptGroup
from titrate.clinical.values.quantity import UNITS
from titrate.clinical.values.rulebook import Kind, Measure, Rulebook
from titrate.rulebook import load_with_lookup
from titrate.rulebook.checks import namespace
from titrate.rulebook.code_systems import ATC, ICD10, LOINC, RXNORM, SNOMED

_MARK = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_SHORT = {LOINC: "LOINC", SNOMED: "SNOMED CT", RXNORM: "RxNorm", ATC: "ATC", ICD10[0]: "ICD-10-CM", ICD10[1]: "ICD-10"}


def filled(page: str, rulebook: Rulebook, lookup: CodeLookup) -> str:
    """The page with its tables as the mappings say."""
    return _MARK.sub(lambda mark: mark[1] + _TABLES[mark[2]](rulebook, lookup) + mark[3], page)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


def _measures(rulebook: Rulebook, lookup: CodeLookup) -> str:
    whole = [measure for measure in rulebook.measures.values() if not namespace(measure.name)]
    rows = (
        (f"`{one.name}`", one.display, _codes(one), _values(one), _form_items(one, lookup), _marks(one, lookup))
        for one in whole
    )
    return _table(("name", "what", "codes", "value", "form: item", ""), rows)


def _parts(space: str) -> Callable[[Rulebook, CodeLookup], str]:
    def table(rulebook: Rulebook, _: CodeLookup) -> str:
        inner = [measure for measure in rulebook.measures.values() if namespace(measure.name) == space]
        rows = ((f"`{one.name.partition('.')[2]}`", one.display, _codes(one), _values(one)) for one in inner)
        return _table(("component or item", "what", "codes", "value"), rows)

    return table


def _codes(measure: Measure) -> str:
    return ", ".join(f"{_SHORT.get(one.system, 'local')} `{one.code}`" for one in measure.codings) or "-"


def _values(measure: Measure) -> str:
    if measure.kind is Kind.NUMBER and measure.unit:
        units = " or ".join(f"`{unit}`" for unit in (measure.unit, *measure.units))
        grid = "" if measure.grid is None else f", steps of {measure.grid}"
        return f"{measure.low} to {measure.high}{grid}; {units}"
    if measure.options:
        return ", ".join(f"`{option}`" for option in measure.options)
    return {Kind.NUMBER: "an amount, see below", Kind.CODE: "an exercise, see below", Kind.BOOLEAN: "yes or no"}.get(
        measure.kind, "text"
    )


def _form_items(measure: Measure, lookup: CodeLookup) -> str:
    items = [
        f"`{form}`: `{item}`"
        for form, names in lookup.forms.items()
        for item, name in names.items()
        if name == measure.name
    ]
    return ", ".join(items) or "-"


def _marks(measure: Measure, lookup: CodeLookup) -> str:
    marks = ["clinician only"] if measure.name in lookup.practitioner else []
    held = "missing" if measure.missing else "holds"
    return ", ".join([*marks, held] if measure.decides else marks)


def _exercises(rulebook: Rulebook, _: CodeLookup) -> str:
    rows = (
        (
            f"`{one.code}`",
            one.display,
            one.domain.value,
            f"`{one.amount_unit}`",
            f"{one.increment} kg" if one.loaded else "-",
            "-" if one.range_low is None else f"{one.range_low} to {one.range_high}",
        )
        for one in rulebook.exercises.values()
    )
    return _table(("code", "exercise", "domain", "amount in", "load in steps of", "repetitions a set"), rows)


def _flags(rulebook: Rulebook, _: CodeLookup) -> str:
    rows = (
        (f"`{one.name}`", one.urgency.value, "yes" if one.short else "-", one.question)
        for one in rulebook.flags.values()
    )
    return _table(("code", "urgency", "short screen", "question"), rows)


def _groups(groups: tuple[ConceptGroup, ...]) -> str:
    rows = ((f"`{one.name}`", one.display, _group_codes(one), ", ".join(one.words) or "-") for one in groups)
    return _table(("group", "what", "codes (… any ending)", "words, where no code fits"), rows)


def _group_codes(group: ConceptGroup) -> str:
    whole = sorted(f"{_SHORT.get(system, system)} `{code}`" for system, code in group.codes | group.ingredients)
    starts = sorted(
        f"{_SHORT.get(system, system)} `{start}…`" for system, start in group.prefixes if system != ICD10[1]
    )
    return ", ".join([*whole, *starts]).replace("ICD-10-CM", "ICD-10") or "-"


def _units(_: Rulebook, __: CodeLookup) -> str:
    kinds: dict[str, list[str]] = {}
    for unit, kind in UNITS.items():
        kinds.setdefault(kind, []).append(f"`{unit}`")
    return _table(("kind", "UCUM units"), ((kind, ", ".join(units)) for kind, units in kinds.items()))


_TABLES: Mapping[str, Callable[[Rulebook, CodeLookup], str]] = {
    "measures": _measures,
    "session": _parts("session"),
    "trial": _parts("trial"),
    "dose-limit": _parts("dose-limit"),
    "block": _parts("block"),
    "factor": _parts("factor"),
    "amount": _parts("amount"),
    "exercises": _exercises,
    "red-flags": _flags,
    "medicines": lambda _, lookup: _groups(lookup.medicines),
    "conditions": lambda _, lookup: _groups(lookup.conditions),
    "units": _units,
}


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(filled(target.read_text(encoding="utf-8"), *load_with_lookup()), encoding="utf-8")
