"""Our questionnaires. The questions come from the mappings; their order and the groups are here.

A response to one of them is read without a refusal: the linkIds are those that `titrate.fhir.read.forms` knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from titrate.clinical.values.code_lookup import CodeLookup
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.questionnaires.items import Json, amount, amount_units, asked_item, exercises, plain, screen_item
from titrate.fhir.site import Site

DESCRIPTION = "Not for emergencies: in an emergency call the emergency number, do not fill in a form."
TITLES: Mapping[str, str] = {
    "daily-check-in": "Daily check-in",
    "session-check-in": "After an exercise session",
    "tolerance-trial": "Tolerance trial before a first plan",
    "safety-screen-full": "Safety screen, all questions",
    "safety-screen-short": "Safety screen, weekly questions",
    "goals": "What I want to be able to do",
    "intake-profile": "About my days, my pain and what suits me",
    "tasks": "Tasks of my day: how long, and how much I fear them",
    "teach-back": "After a talk: what was understood, filled in by the clinician",
}
NAMES = tuple(TITLES)
HEADINGS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "about-pain": (
        "How your pain behaves",
        ("pain-now", "pain-average", "pain-worst", "pain-best", "pain-pattern", "pain-provocation", "pain-latency",
         "pain-settling"),
    ),
    "about-days": ("Good days and bad days", ("active-good-day", "active-bad-day")),
    "about-change": (
        "What matters to you, and how sure you are",
        ("task-independence", "perceived-capability", "change-importance", "change-confidence", "readiness", "barrier",
         "barrier-words", "commitment"),
    ),
    "about-practice": (
        "What suits you",
        ("liked-exercise", "disliked-exercise", "equipment", "free-day", "free-part", "free-minutes"),
    ),
}  # fmt: skip
PROFILE_GROUPS = {
    "block": "An ordinary day, one block after another",
    "factor": "What brings symptoms on, and what eases them",
}
# Questions with as many answers as are true.
SEVERAL = frozenset({"barrier", "liked-exercise", "disliked-exercise", "equipment", "free-day", "free-part"})
GROUPED = {"session-check-in": ("session", "Exercise"), "tolerance-trial": ("trial", "Exercise")}


def questionnaires(rulebook: Rulebook, lookup: CodeLookup, site: Site) -> tuple[Json, ...]:
    """All of them, in the order in which a patient meets them."""
    return tuple(questionnaire(name, rulebook, lookup, site) for name in NAMES)


def questionnaire(name: str, rulebook: Rulebook, lookup: CodeLookup, site: Site) -> Json:
    """One of `NAMES` as a FHIR R4 Questionnaire. Its version is the rulebook's."""
    return {
        "resourceType": "Questionnaire",
        "id": name,
        "url": site.questionnaire(name),
        "version": rulebook.version,
        "name": "Titrate" + name.title().replace("-", ""),
        "title": TITLES[name],
        "status": "active",
        "subjectType": ["Patient"],
        "description": DESCRIPTION,
        "item": _ITEMS[name](rulebook, lookup, site, name),
    }


def _check_in(rulebook: Rulebook, lookup: CodeLookup, site: Site, name: str) -> list[Json]:
    return [
        plain("date", "The day that this is about, if it is not today", "date"),
        *_measures(name, rulebook, lookup, site),
    ]


def _screen(rulebook: Rulebook, lookup: CodeLookup, site: Site, name: str) -> list[Json]:
    return [screen_item(rulebook.flags[flag], site) for flag in lookup.forms[name].values()]


def _session(rulebook: Rulebook, lookup: CodeLookup, site: Site, name: str) -> list[Json]:
    items = _measures(name, rulebook, lookup, site)
    inside = [one for one in items if one["linkId"] != "comment"]
    after = [one for one in items if one["linkId"] == "comment"]
    times = [plain("started", "When did you start?", "dateTime"), plain("ended", "When did you end?", "dateTime")]
    return [*times, _group(name, inside), *after]


def _trial(rulebook: Rulebook, lookup: CodeLookup, site: Site, name: str) -> list[Json]:
    day = plain("date", "The day of the trial, if it is not today", "date")
    return [day, _group(name, _measures(name, rulebook, lookup, site))]


def _goals(rulebook: Rulebook, lookup: CodeLookup, site: Site, name: str) -> list[Json]:
    measurable = [
        exercises("exercise", "Which exercise comes nearest?", rulebook.exercises.values(), site),
        amount("target", "How much of it in one go?", amount_units(rulebook)),
        plain("due", "By when?", "date"),
        asked_item("importance", rulebook.measures["goal-importance"], rulebook, site),
    ]
    goal = {**plain("goal", "What do you want to be able to do?", "string"), "repeats": True, "item": measurable}
    return [goal, *_measures(name, rulebook, lookup, site)]


def _group(name: str, items: list[Json]) -> Json:
    """One group an exercise, as often as there were exercises."""
    link, text = GROUPED[name]
    questions = [{**one, "required": True} if one["linkId"] == "exercise" else one for one in items]
    return {"linkId": link, "text": text, "type": "group", "repeats": True, "item": questions}


def _measures(name: str, rulebook: Rulebook, lookup: CodeLookup, site: Site) -> list[Json]:
    asks = lookup.forms[name].items()
    return [asked_item(link, rulebook.measures[measure], rulebook, site) for link, measure in asks]


def _intake_profile(rulebook: Rulebook, lookup: CodeLookup, site: Site, name: str) -> list[Json]:
    """Its items: headings with single questions, and two groups that may be given more than once."""
    measures = {link: rulebook.measures[measure] for link, measure in lookup.forms[name].items()}
    items = {link: asked_item(link, measure, rulebook, site) for link, measure in measures.items()}
    several = {link: {**item, "repeats": True} if link in SEVERAL else item for link, item in items.items()}
    headed = [_heading(link, text, [several[one] for one in inside]) for link, (text, inside) in HEADINGS.items()]
    grouped = [
        {**_heading(link, text, [items[one] for one, m in measures.items() if m.name.startswith(f"{link}.")]),
         "repeats": True}
        for link, text in PROFILE_GROUPS.items()
    ]  # fmt: skip
    return [plain("date", "The day of these answers, if it is not today", "date"), *headed, *grouped]


def _heading(link: str, text: str, items: list[Json]) -> Json:
    return {"linkId": link, "text": text, "type": "group", "item": items}


_ITEMS: Mapping[str, Callable[[Rulebook, CodeLookup, Site, str], list[dict[str, Any]]]] = {
    "daily-check-in": _check_in,
    "session-check-in": _session,
    "tolerance-trial": _trial,
    "safety-screen-full": _screen,
    "safety-screen-short": _screen,
    "goals": _goals,
    "intake-profile": _intake_profile,
    "tasks": _check_in,
    "teach-back": _check_in,
}
