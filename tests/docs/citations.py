"""Finds every identifier of the clinical rules that a text cites, and the anchor that each one needs.

Each family has a pattern with word boundaries. Text that only looks like an identifier is left out:

- ICD-10 codes (`G90.522`, `C50.9`, a list of `icd10`): only family B has a part after the dot, and the codes listed in
  docs/inputs.md and mappings/conditions.toml are ignored;
- E1 and E2 are worked examples, unless the line contains an urgency or a flag;
- single letters: classes, grades of evidence, units and domains look alike, so a letter counts only in an
  unambiguous context (`SessionClass.T`, `Urgency.B`, `section C`, `(D, B11.8)`);
- hex digests, UCUM units and LOINC codes: a letter or a digit beside an identifier ends the match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

Anchors = Callable[[re.Match[str]], Iterable[str]]
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
MARKS = ("PLAN_EXPIRED", "SCREEN_OUTSTANDING", "LIGHTER_WEEK_DUE", "NEEDS_CLINICIAN", "CLINICIAN_REVIEW")
_LEFT, _RIGHT = r"(?<![\w%])", r"(?!\w|\.\d)"
_ICD = re.compile(r"ICD-10 `[^`]*`|^icd10 = .*$")
_OF_A_FLAG = re.compile(r"urgen|flag|\bE0\b|\brf\d\d", re.IGNORECASE)
_SPAN = re.compile(r"(?P<first>\d{1,3})(?:-(?P<last>\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Citation:
    """An identifier as a line cites it, and the anchor that it needs; `place` is file:line."""

    place: str
    text: str
    anchor: str


def _numbered(letters: str, digits: str) -> tuple[re.Pattern[str], Anchors]:
    """A letter with a number, or a span of them (`D1 to D4`, `RF01-RF27`)."""
    one = rf"(?:{letters})({digits})"
    pattern = re.compile(rf"{_LEFT}{one}(?:(?: to |[-–]){one})?{_RIGHT}")

    def anchors(match: re.Match[str]) -> Iterator[str]:
        first, last = match[1], match[2] or match[1]
        prefix = match[0][: match[0].index(first)].lower()
        return (f"{prefix}{number:0{len(first)}d}" for number in range(int(first), int(last) + 1))

    return pattern, anchors


def _readings(match: re.Match[str]) -> Iterator[str]:
    """`B4`, `B11.5`, `B11.9-14`, `B11.4-7, .23-24, .32`."""
    section = f"b{match['section']}"
    if not match["readings"]:
        yield section
    for span in _SPAN.finditer(match["readings"] or ""):
        first, last = int(span["first"]), int(span["last"] or span["first"])
        yield from (f"{section}-{number}" for number in range(first, last + 1))


def _invariants(match: re.Match[str]) -> Iterator[str]:
    """`F(iii), (iv)` and `F i`; ids are those of the roman numbers."""
    return (f"f-{number}" for number in re.findall(r"[ivx]+", match[0]))


def _in_order(prefix: str, digits: str = r"\d+") -> Anchors:
    """Every number of the match after the prefix, a span with all between its ends."""

    def anchors(match: re.Match[str]) -> Iterator[str]:
        for first, last in re.findall(rf"({digits})(?:-\D?({digits}))?", match[0]):
            numbers = range(int(first), int(last or first) + 1)
            yield from (f"{prefix}{number:0{len(first)}d}" for number in numbers)

    return anchors


def _group(prefix: str) -> Anchors:
    """The one group of the pattern that matched, in lower case."""
    return lambda match: (f"{prefix}{next(one for one in match.groups() if one).lower()}",)


_ROMAN = rf"(?:{'|'.join(sorted(ROMAN, key=len, reverse=True))})"
FAMILIES: tuple[tuple[re.Pattern[str], Anchors], ...] = (
    _numbered("RF|rf", r"\d\d"),
    _numbered("D", r"\d{1,2}"),
    _numbered("G", r"\d{1,2}"),
    _numbered("H", r"\d\d"),
    _numbered("C", r"\d\d"),
    _numbered("F", r"\d"),
    _numbered("A", r"\d"),
    _numbered("E", r"\d"),
    (re.compile(rf"{_LEFT}E(\d[a-z]){_RIGHT}"), _group("e")),
    (
        re.compile(
            rf"{_LEFT}B(?P<section>\d{{1,2}})"
            rf"(?P<readings>\.\d{{1,3}}(?:-\d{{1,3}})?(?:(?:,| and) \.\d{{1,3}}(?:-\d{{1,3}})?)*)?{_RIGHT}"
        ),
        _readings,
    ),
    (re.compile(rf"\bF ?\({_ROMAN}\)(?:, \({_ROMAN}\))*|\bF {_ROMAN}\)"), _invariants),
    (re.compile(r"\b[Ss]ections? ([A-F])\b"), _group("section-")),
    (re.compile(r'(?:rule |, )(D)(?=[:,)])|(?:\(|"""|; )([CD])(?=[,:] )'), _group("section-")),
    (
        re.compile(r"\bA3 row (\d+)|\b[Pp]rogramme (\d+) of the clinical|[Cc]linical rules, programme (\d+)"),
        _group("a3-"),
    ),
    (re.compile(r"\bSessionClass\.([A-Z])\b"), _group("class-")),
    (re.compile(r'\bUrgency\.(B|E\d)\b|\burgency = "(B|E\d)"'), _group("urgency-")),
    (re.compile(r"\b[Bb]asis article S\d\d(?:(?:-|, )S\d\d)*"), _in_order("s", r"\d\d")),
    (re.compile(r"\bplan-state (\d)\b"), _group("plan-state-")),
    (re.compile(rf"\b({'|'.join(MARKS)})\b"), lambda match: (match[1].lower().replace("_", "-"),)),
)


def citations(text: str, name: str) -> Iterator[Citation]:
    """Every citation in the text of the file `name`, line by line."""
    for number, line in enumerate(text.splitlines(), start=1):
        for cited, anchor in _cited(_ICD.sub("", line)):
            yield Citation(f"{name}:{number}", cited, anchor)


def _cited(line: str) -> Iterator[tuple[str, str]]:
    of_a_flag = _OF_A_FLAG.search(line) is not None
    for pattern, anchors in FAMILIES:
        for match in pattern.finditer(line):
            yield from ((match[0], _urgent(anchor, of_a_flag=of_a_flag)) for anchor in anchors(match))


def _urgent(anchor: str, *, of_a_flag: bool) -> str:
    """E0 is always an urgency, E1 and E2 are in a line about flags; the rest are worked examples."""
    return f"urgency-{anchor}" if anchor == "e0" or (of_a_flag and anchor in ("e1", "e2")) else anchor
