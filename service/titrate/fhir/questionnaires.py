"""The questionnaires that a site can give to its patients, as FHIR resources made from the mappings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from titrate.clinical.values.code_lookup import CodeLookup
from titrate.clinical.values.quantity import REPETITIONS
from titrate.clinical.values.rulebook import Exercise, Kind, Measure, RedFlag, Rulebook
from titrate.fhir.site import Site
from titrate.messages import Message
from titrate.messages import questionnaires as texts

Json = dict[str, Any]
UCUM = "http://unitsofmeasure.org"
STRUCTURE = "http://hl7.org/fhir/StructureDefinition"
# Units of plain numbers: the question itself names what it counts.
UNITLESS = frozenset({"{score}", "1", REPETITIONS})
# Headings of the intake profile with the linkIds of their questions, by the linkId of the heading.
PROFILE_HEADINGS: Mapping[str, tuple[Message, tuple[str, ...]]] = {
    "about-pain": (
        texts.AboutPainGroup(),
        ("pain-now", "pain-average", "pain-worst", "pain-best", "pain-pattern", "pain-provocation", "pain-latency",
         "pain-settling"),
    ),
    "about-days": (texts.AboutDaysGroup(), ("active-good-day", "active-bad-day")),
    "about-change": (
        texts.AboutChangeGroup(),
        ("task-independence", "perceived-capability", "change-importance", "change-confidence", "readiness", "barrier",
         "barrier-words", "commitment"),
    ),
    "about-practice": (
        texts.AboutPracticeGroup(),
        ("liked-exercise", "disliked-exercise", "equipment", "free-day", "free-part", "free-minutes"),
    ),
}  # fmt: skip
# Groups of the intake profile that the patient can repeat.
PROFILE_GROUPS: Mapping[str, Message] = {"block": texts.BlockGroup(), "factor": texts.FactorGroup()}
# Questions with more than one answer.
MULTIPLE_ANSWERS = frozenset({"barrier", "liked-exercise", "disliked-exercise", "equipment", "free-day", "free-part"})


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


@dataclass(frozen=True, slots=True)
class _Source:
    """What the items of one questionnaire are made from."""

    name: str
    rulebook: Rulebook
    lookup: CodeLookup
    site: Site

    def measures(self) -> dict[str, Json]:
        """The items of the measures of this questionnaire, by linkId."""
        measures, book = self.lookup.forms[self.name].items(), self.rulebook
        return {link: measure_item(link, book.measures[measure], book, self.site) for link, measure in measures}


def _check_in(source: _Source) -> list[Json]:
    return [plain_item("date", texts.AskReportDay(), "date"), *source.measures().values()]


def _screen(source: _Source) -> list[Json]:
    flags = source.lookup.forms[source.name].values()
    return [screen_item(source.rulebook.flags[flag], source.site) for flag in flags]


def _session(source: _Source) -> list[Json]:
    items = source.measures()
    comments = [items.pop("comment")] if "comment" in items else []
    times = [
        plain_item("started", texts.AskStart(), "dateTime"),
        plain_item("ended", texts.AskEnd(), "dateTime"),
    ]
    return [*times, _exercise_group("session", list(items.values())), *comments]


def _trial(source: _Source) -> list[Json]:
    day = plain_item("date", texts.AskTrialDay(), "date")
    return [day, _exercise_group("trial", list(source.measures().values()))]


def _goals(source: _Source) -> list[Json]:
    book, site = source.rulebook, source.site
    measurable = [
        exercise_item("exercise", texts.AskGoalExercise(), book.exercises.values(), site),
        amount_item("target", texts.AskGoalTarget(), amount_units(book)),
        plain_item("due", texts.AskGoalDue(), "date"),
        measure_item("importance", book.measures["goal-importance"], book, site),
    ]
    goal = {**plain_item("goal", texts.AskGoal(), "string"), "repeats": True, "item": measurable}
    return [goal, *source.measures().values()]


def _intake_profile(source: _Source) -> list[Json]:
    """Headings with single questions, and two groups that the patient can repeat."""
    items, measures = source.measures(), source.lookup.forms[source.name]
    questions = {link: {**item, "repeats": True} if link in MULTIPLE_ANSWERS else item for link, item in items.items()}
    headings = [
        group_item(link, text, [questions[one] for one in links]) for link, (text, links) in PROFILE_HEADINGS.items()
    ]
    groups = [
        group_item(link, text, [items[one] for one, m in measures.items() if m.startswith(f"{link}.")], repeats=True)
        for link, text in PROFILE_GROUPS.items()
    ]
    return [plain_item("date", texts.AskAnswersDay(), "date"), *headings, *groups]


def _exercise_group(link: str, items: list[Json]) -> Json:
    """A group that the patient repeats for each exercise, which it requires."""
    questions = [{**one, "required": True} if one["linkId"] == "exercise" else one for one in items]
    return group_item(link, texts.ExerciseGroup(), questions, repeats=True)


# Title and items of each questionnaire, in the order in which a patient meets them.
_FORMS: Mapping[str, tuple[Message, Callable[[_Source], list[dict[str, Any]]]]] = {
    "daily-check-in": (texts.DailyCheckInTitle(), _check_in),
    "session-check-in": (texts.SessionCheckInTitle(), _session),
    "tolerance-trial": (texts.ToleranceTrialTitle(), _trial),
    "safety-screen-full": (texts.FullScreenTitle(), _screen),
    "safety-screen-short": (texts.ShortScreenTitle(), _screen),
    "goals": (texts.GoalsTitle(), _goals),
    "intake-profile": (texts.IntakeProfileTitle(), _intake_profile),
    "tasks": (texts.TasksTitle(), _check_in),
    "teach-back": (texts.TeachBackTitle(), _check_in),
}


NAMES = tuple(_FORMS)


def questionnaires(rulebook: Rulebook, lookup: CodeLookup, site: Site) -> tuple[Json, ...]:
    """All questionnaires, in the order of `NAMES`."""
    return tuple(questionnaire(name, rulebook, lookup, site) for name in NAMES)


def questionnaire(name: str, rulebook: Rulebook, lookup: CodeLookup, site: Site) -> Json:
    """One of `NAMES` as a FHIR R4 Questionnaire. Its version is that of the rulebook."""
    title, items = _FORMS[name]
    return {
        "resourceType": "Questionnaire",
        "id": name,
        "url": site.questionnaire(name),
        "version": rulebook.version,
        "name": "Titrate" + name.title().replace("-", ""),
        "title": str(title),
        "status": "active",
        "subjectType": ["Patient"],
        "description": str(texts.FormNotForEmergencies()),
        "item": items(_Source(name, rulebook, lookup, site)),
    }
