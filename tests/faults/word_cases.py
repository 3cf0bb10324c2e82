"""Words of alarm and of self-harm, wherever they were written, and words that are harmless."""

from __future__ import annotations

from typing import Any

from tests.faults.expectations import (
    NO_RISE,
    RISES,
    Case,
    flag,
)
from tests.faults.records import (
    FORMS_URL,
    LOINC,
    TODAY,
    Change,
    Json,
    added,
    answer,
    concept,
    observation,
    response,
    walk,
)

HARM = "some days I just want to kill myself"


def comment(text: str, at: str = TODAY) -> Change:
    """A comment of the patient."""
    return added(observation("daily-comment", at, valueString=text))


def in_form(text: str, form: str | None, link: str = "q9", **more: Any) -> Change:
    """A text answer in a form."""
    return added(response([answer(link, valueString=text)], form, **more))


def note_on_walk(text: str) -> Change:
    """A note on the last walk."""
    return lambda bundle: walk(bundle).update(note=[{"text": text}])


def noted(text: str, **more: Any) -> Json:
    """A pain score of the evening with a note."""
    return observation(
        concept("72514-3", LOINC), "2025-01-12T18:00:00+00:00", valueInteger=2, note=[{"text": text}], **more
    )


ALARM = (Case("worst headache", NO_RISE, comment("the worst headache of my life, came on in seconds")),)
NO_ALARM = (
    Case("no chest pain", RISES, comment("Slept well, no chest pain, no numbness")),
    Case("denies chest pain", RISES, comment("denies chest pain or shortness of breath")),
    Case("never had chest pain", RISES, comment("I have never had chest pain")),
    Case("without chest pain", RISES, comment("Walked the whole way without chest pain")),
    Case("no chest pain in German", RISES, comment("Keine Brustschmerzen, alles gut")),
    Case("no chest pain in Spanish", RISES, comment("Sin dolor en el pecho, todo bien")),
    Case("chest pain before the newest answer", RISES, comment("chest pain this morning", "2025-01-10T18:00:00+00:00")),
    Case("chest of drawers", RISES, comment("Pain after moving the chest of drawers")),
    Case("family history", RISES, comment("My sister's wedding was lovely, headache gone")),
    Case("passed urine test", RISES, comment("Both legs feel strong. Urine test was fine")),
)
SELF_HARM = (
    Case("self-harm in the comment", flag("rf19"), in_form(HARM, f"{FORMS_URL}/daily-check-in", "comment")),
    Case("self-harm in the note of a walk", flag("rf19"), note_on_walk(HARM)),
    Case(
        "self-harm in a record without a status",
        flag("rf19"),
        added({k: v for k, v in noted(HARM).items() if k != "status"}),
    ),
    Case(
        "self-harm with a curved apostrophe",
        flag("rf19"),
        in_form("I don’t want to live any more", f"{FORMS_URL}/daily-check-in", "comment"),
    ),
    Case(
        "killing time",
        RISES,
        in_form("Killing time before the bus, legs felt strong", f"{FORMS_URL}/daily-check-in", "anything-else"),
    ),
    Case(
        "comment entered in error",
        RISES,
        added(observation("daily-comment", status="entered-in-error", valueString=HARM)),
    ),
)
FILE_CASES = (*ALARM, *NO_ALARM, *SELF_HARM)
ON_THE_EHR = {"no chest pain", "killing time"}
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
