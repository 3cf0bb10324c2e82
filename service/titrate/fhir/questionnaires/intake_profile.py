"""The questionnaire `intake-profile`: how pain behaves, what the days are like, what matters, and what suits."""

from __future__ import annotations

from collections.abc import Mapping

from titrate.clinical.values.code_lookup import CodeLookup
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.questionnaires.items import Json, asked_item, plain
from titrate.fhir.site import Site

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
GROUPS = {
    "block": "An ordinary day, one block after another",
    "factor": "What brings symptoms on, and what eases them",
}
# Questions with as many answers as are true.
SEVERAL = frozenset({"barrier", "liked-exercise", "disliked-exercise", "equipment", "free-day", "free-part"})


def intake_profile(rulebook: Rulebook, lookup: CodeLookup, site: Site, name: str) -> list[Json]:
    """Its items: headings with single questions, and two groups that may be given more than once."""
    measures = {link: rulebook.measures[measure] for link, measure in lookup.forms[name].items()}
    items = {link: asked_item(link, measure, rulebook, site) for link, measure in measures.items()}
    several = {link: {**item, "repeats": True} if link in SEVERAL else item for link, item in items.items()}
    headed = [_group(link, text, [several[one] for one in inside]) for link, (text, inside) in HEADINGS.items()]
    grouped = [
        {**_group(link, text, [items[one] for one, m in measures.items() if m.name.startswith(f"{link}.")]),
         "repeats": True}
        for link, text in GROUPS.items()
    ]  # fmt: skip
    return [plain("date", "The day of these answers, if it is not today", "date"), *headed, *grouped]


def _group(link: str, text: str, items: list[Json]) -> Json:
    return {"linkId": link, "text": text, "type": "group", "item": items}
