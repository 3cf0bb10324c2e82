"""Each number of mappings/ one step up and one step down: a test must fail, or the mapping check reject it."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache, partial
from types import CodeType
from typing import Any

from tests.mutation.calls import Watch
from tests.mutation.judge import KilledOnInstall, MutantRun
from tests.mutation.results import Outcome
from tests.mutation.trials import Baseline, Trial
from titrate import DEFAULT_CANONICAL
from titrate.clinical.values.clinical_numbers import ClinicalNumbers
from titrate.clinical.values.code_lookup import CodeLookup
from titrate.clinical.values.rulebook import Rulebook
from titrate.rulebook import build_rulebook, files, load_lookup, standard_folder
from titrate.rulebook.checks import cross_checks
from titrate.rulebook.parse import ParsedFiles, parse_files

TABLE = re.compile(r"^\[+([^\]]+)\]+")
NUMBER = re.compile(r"^([\w-]+) = (-?\d+(?:\.\d+)?)$")
# Folders with the tests of a file's numbers, for numbers that no rule reads by name.
ELSEWHERE = {
    "measures.toml": ("tests/fhir/read", "tests/rulebook", "tests/fhir/questionnaires"),
    "outcomes.toml": ("tests/clinical", "tests/rulebook"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a mapping file: its table, key, and replacement."""

    file: str
    table: str
    key: str
    place: int
    before: str
    after: str

    @property
    def outcome(self) -> Outcome:
        change = f"{self.before}  =>  {self.after}"
        return Outcome(f"{self.file}:{self.table}.{self.key}:{change}", self.file, self.table, self.key, change, "")


class WatchedNumbers(ClinicalNumbers):
    """The typed numbers with a function call per access, so that accesses can be recorded."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        return object.__getattribute__(self, name)


class Names(Watch):
    """Which constants were read, by trial."""

    def __init__(self) -> None:
        self.of: dict[str, set[str]] = {}
        self.trial = ""

    def begin(self, trial: str) -> None:
        self.trial = trial

    def record(self, values: dict[str, object]) -> None:
        self.of.setdefault(self.trial, set()).add(str(values["name"]).upper())


@dataclass(frozen=True, slots=True)
class Numbers:
    """Every number of the selected files."""

    only: tuple[str, ...]

    def watches(self) -> dict[CodeType, Watch]:
        names = Names()
        for book in _loaded_books(files.digest(files.read_all(standard_folder()))):
            if isinstance(book, Rulebook):
                values = {one.name: getattr(book.numbers, one.name) for one in fields(ClinicalNumbers)}
                object.__setattr__(book, "numbers", WatchedNumbers(**values))
        return {Rulebook.number.__code__: names, WatchedNumbers.__getattribute__.__code__: names}

    def mutant_runs(self, baseline: Baseline) -> Iterator[tuple[Outcome, MutantRun]]:
        _all_files()
        loaded = _loaded_books(files.digest(files.read_all(standard_folder())))
        for number in numbers():
            if not self.only or number.file.endswith(self.only):
                yield (
                    number.outcome,
                    MutantRun(partial(put, number, loaded), _trials(number, baseline), (number.table, "test_numbers")),
                )


def numbers() -> Iterator[Number]:
    """Each number of each file of rules, up and down by one in its last place."""
    for file, content in files.read_all(standard_folder()).items():
        table = ""
        for place, line in enumerate(content.decode().splitlines()):
            if found := TABLE.match(line):
                table = found[1]
            elif (one := NUMBER.match(line)) and file != "rulebook.toml":
                step = Decimal(1).scaleb(int(Decimal(one[2]).as_tuple().exponent))
                for after in (Decimal(one[2]) + step, Decimal(one[2]) - step):
                    yield Number(file, table, one[1], place, one[2], f"{after:f}")


def _trials(number: Number, baseline: Baseline) -> list[Trial]:
    names = next(w for w in baseline.watches.values() if isinstance(w, Names))
    readers = {trial for trial, read in names.of.items() if number.table in read} if number.key == "value" else set()
    folders = ELSEWHERE.get(number.file, ("tests/rulebook",) if number.file == "constants.toml" else ("tests/",))
    return [t for t in baseline.trials.values() if t.name in readers or t.name.startswith(folders)]


def _loaded_books(digest: str) -> list[Rulebook | CodeLookup]:
    """Every rulebook and lookup of this process that was built from these files."""
    found = gc.get_objects()
    books = [o for o in found if isinstance(o, Rulebook) and o.digest == digest]
    return [*books, *(o for o in found if isinstance(o, CodeLookup) and o.codes == load_lookup().codes)]


def put(number: Number, loaded: list[Rulebook | CodeLookup]) -> Callable[[Trial], bool]:
    """Replace the number in every loaded rulebook and in those loaded later."""
    standard, original = standard_folder(), files.read_all
    changed = original(standard)
    digest = files.digest(changed)
    lines = changed[number.file].decode().split("\n")
    lines[number.place] = f"{number.key} = {number.after}"
    changed[number.file] = "\n".join(lines).encode()
    files.read_all = lambda folder: changed if folder == standard else original(folder)
    rulebook, lookup = _built(number.file, changed[number.file], digest)
    for one in loaded:
        _replace_fields(one, rulebook if isinstance(one, Rulebook) else lookup)
    return lambda _: True


@cache
def _all_files() -> ParsedFiles:
    """All unchanged files, parsed once."""
    return parse_files(files.parse_all(files.read_all(standard_folder()))[0])


def _built(file: str, content: bytes, digest: str) -> tuple[Rulebook, CodeLookup]:
    """Rulebook and lookup from the unchanged files and the changed `file`."""
    document, broken = files.parse_toml(file, content)
    one, rest = parse_files({file: document}), _all_files()
    merged = ParsedFiles(
        {**rest.tables, **one.tables},
        {**rest.wholes, **one.wholes},
        {**rest.programmes, **one.programmes},
        one.problems,
    )
    if [*broken, *merged.problems, *cross_checks(merged, DEFAULT_CANONICAL)]:
        raise KilledOnInstall("the check of the mappings")
    names = files.short_names(files.standard_folder())
    return build_rulebook.build_rulebook(merged, DEFAULT_CANONICAL, digest, names), build_rulebook.build_lookup(
        merged, DEFAULT_CANONICAL, names
    )


def _replace_fields(loaded: Rulebook | CodeLookup, other: Rulebook | CodeLookup) -> None:
    for field in fields(loaded):
        object.__setattr__(loaded, field.name, getattr(other, field.name))
