"""Words of alarm and of self-harm, wherever they were written, and words that are harmless."""

from __future__ import annotations

from typing import Any

from tests.faults.expectations import (
    NO_RISE,
    RISES,
    Case,
    Expected,
    flag,
)
from tests.faults.records import (
    FORMS_URL,
    LOINC,
    SUBJECT,
    TODAY,
    Change,
    Json,
    add,
    added,
    answer,
    concept,
    condition,
    observation,
    one,
    response,
    walk,
)

UNANSWERED = Expected(rule="D7")
DAILY, UNKNOWN_FORM = f"{FORMS_URL}/daily-check-in", "https://portal.example/forms/7"
HARM = "some days I just want to kill myself"


def comment(text: str, at: str = TODAY) -> Change:
    """A comment of the patient."""
    return added(observation("daily-comment", at, valueString=text))


def in_form(text: str, form: str | None, link: str = "q9", **more: Any) -> Change:
    """A text answer in a form."""
    return added(response([answer(link, valueString=text)], form, **more))


def remarked(**more: Any) -> Json:
    """An item with a remark in an extension."""
    remark = {"url": "http://portal.example/remark", "valueString": HARM}
    return {"linkId": "q9", "extension": [remark], **more}


def note_on_walk(text: str) -> Change:
    """A note on the last walk."""
    return lambda bundle: walk(bundle).update(note=[{"text": text}])


def noted(text: str, **more: Any) -> Json:
    """A pain score of the evening with a note."""
    return observation(
        concept("72514-3", LOINC), "2025-01-12T18:00:00+00:00", valueInteger=2, note=[{"text": text}], **more
    )


def noted_on_hay_fever(text: str, **note: str) -> Change:
    """A note on a diagnosis that was recorded this morning."""
    coding = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "J30.1"}
    return added(condition(coding, note=[{"text": text, **note}], recordedDate="2025-01-13"))


def message(text: str) -> Change:
    """A message of the patient."""
    sent = {"status": "completed", "sent": TODAY, "payload": [{"contentString": text}]}
    return added({"resourceType": "Communication", "id": "message-1", "subject": dict(SUBJECT), **sent})


def unmapped(text: str) -> Change:
    """A text under a code that no mapping knows."""
    return added(observation(concept("9999-1", "urn:site"), valueString=text))


def without(name: str, held: Json) -> Change:
    """A record that lacks an element."""
    return added({key: value for key, value in held.items() if key != name})


def remark_on_walk(bundle: Json) -> None:
    """A component of the last walk has a code of the site."""
    walk(bundle)["component"].append({"code": concept("remark", "urn:site"), "valueString": HARM})


def noted_on_medicine(bundle: Json) -> None:
    """A note on a medicine that the patient takes."""
    medicine = {"status": "active", "medicationCodeableConcept": {"text": "paracetamol"}, "dateAsserted": TODAY}
    held = {"resourceType": "MedicationStatement", "id": "medicine-1", "subject": dict(SUBJECT), **medicine}
    add(bundle, {**held, "note": [{"text": HARM}]})


def noted_on_goal(bundle: Json) -> None:
    """A note on the patient's goal."""
    one(bundle, "-goal").update(note=[{"text": HARM, "time": TODAY}])


ALARM = (
    Case("worst headache", NO_RISE, comment("the worst headache of my life, came on in seconds")),
    Case(
        "numb between the legs, in an unmapped record",
        UNANSWERED,
        unmapped("My groin and inner thighs feel numb, numbness between the legs"),
    ),
    Case(
        "chest pain in the note of a pain score",
        UNANSWERED,
        added(noted("went to bed early, chest pain on the stairs")),
    ),
    Case("chest pain in an unknown form", UNANSWERED, in_form("I had chest pain last night", UNKNOWN_FORM)),
    Case(
        "chest pain in a note on a diagnosis",
        UNANSWERED,
        noted_on_hay_fever("reports chest pain when walking uphill", time=TODAY),
    ),
    Case("chest pain in a message", UNANSWERED, message("I get chest pain on the way to the bus stop")),
    Case("chest pain in a record without a status", UNANSWERED, without("status", noted("chest pain all evening"))),
    Case("chest pain in capitals", UNANSWERED, comment("CHEST PAIN since breakfast")),
    Case("chest pain with a line break", UNANSWERED, comment("I have had chest\n  pain since breakfast")),
    Case("chest pain in Spanish", UNANSWERED, comment("Desde ayer tengo dolor en el pecho")),
    Case("chest pain in German", UNANSWERED, comment("Seit gestern Brustschmerzen beim Treppensteigen")),
    Case(
        "numb between the legs in German",
        UNANSWERED,
        comment("Es ist taub zwischen den Beinen"),  # codespell:ignore ist
    ),
    Case("numb between the legs in Spanish", UNANSWERED, comment("Entumecimiento entre las piernas desde anoche")),
    Case("chest pain with words in bold", UNANSWERED, comment("<b>chest</b> pain since breakfast")),
    Case("chest pain with emphasis", UNANSWERED, comment("**chest** pain since breakfast")),
    Case("breathless at rest", UNANSWERED, comment("short of breath when lying down")),
    Case("cannot pass urine", UNANSWERED, comment("I cannot start passing urine since last night")),
    Case("chest pain after a no to something else", UNANSWERED, comment("No fever. Chest pain since the morning.")),
    Case("question and yes", UNANSWERED, comment("Fever? No. Chest pain? Yes.")),
    Case("no longer any chest pain", UNANSWERED, comment("no longer any chest pain")),
    Case("chest pain, not only on stairs", UNANSWERED, comment("chest pain, not only on the stairs")),
)
NO_ALARM = (
    Case("no chest pain", RISES, comment("Slept well, no chest pain, no numbness")),
    Case("denies chest pain", RISES, comment("denies chest pain or shortness of breath")),
    Case("never had chest pain", RISES, comment("I have never had chest pain")),
    Case("without chest pain", RISES, comment("Walked the whole way without chest pain")),
    Case("question and no", RISES, comment("Chest pain? No. Numbness between the legs? No.")),
    Case("neither chest pain nor numbness", RISES, comment("neither chest pain nor numbness between the legs")),
    Case("question and no in German", RISES, comment("Brustschmerzen? Nein.")),
    Case("neither in German", RISES, comment("weder Brustschmerzen noch Taubheit zwischen den Beinen")),
    Case("question and no in Spanish", RISES, comment("¿Dolor en el pecho? No.")),
    Case("neither in Spanish", RISES, comment("ni dolor en el pecho ni hormigueo entre las piernas")),
    Case("no chest pain in German", RISES, comment("Keine Brustschmerzen, alles gut")),
    Case("no chest pain in Spanish", RISES, comment("Sin dolor en el pecho, todo bien")),
    Case("chest pain before the newest answer", RISES, comment("chest pain this morning", "2025-01-10T18:00:00+00:00")),
    Case("chest of drawers", RISES, comment("Pain after moving the chest of drawers")),
    Case("no in bold before chest pain", RISES, comment("Slept well, <b>no</b> chest pain, **no** numbness")),
    Case("family history", RISES, comment("My sister's wedding was lovely, headache gone")),
    Case("passed urine test", RISES, comment("Both legs feel strong. Urine test was fine")),
)
SELF_HARM = (
    Case("self-harm in the comment", flag("rf19"), in_form(HARM, DAILY, "comment")),
    Case("self-harm in the note of a walk", flag("rf19"), note_on_walk(HARM)),
    Case("self-harm in an item that is not known", flag("rf19"), in_form(HARM, DAILY, "anything-else")),
    Case("self-harm in an unknown form", flag("rf19"), in_form(HARM, UNKNOWN_FORM)),
    Case("self-harm in a form without a name", flag("rf19"), in_form(HARM, None)),
    Case("self-harm in a form that was stopped", flag("rf19"), in_form(HARM, DAILY, "anything-else", status="stopped")),
    Case(
        "self-harm in the display of an answer",
        flag("rf19"),
        added(response([answer("q9", valueCoding={"display": "thoughts of killing myself"})], DAILY)),
    ),
    Case(
        "self-harm in the display of a reference",
        flag("rf19"),
        added(response([answer("q9", valueReference={"display": HARM})], DAILY)),
    ),
    Case("self-harm in an extension of an item", flag("rf19"), added(response([remarked()], DAILY))),
    Case(
        "self-harm in an extension of an item with an answer",
        flag("rf19"),
        added(response([remarked(answer=[{"valueInteger": 2}])], DAILY)),
    ),
    Case("self-harm in an unmapped record", flag("rf19"), unmapped(HARM)),
    Case("self-harm in a component", flag("rf19"), remark_on_walk),
    Case("self-harm in a goal", flag("rf19"), noted_on_goal),
    Case("self-harm in a note on a diagnosis", flag("rf19"), noted_on_hay_fever(HARM)),
    Case("self-harm in a note on a medicine", flag("rf19"), noted_on_medicine),
    Case("self-harm in a message", flag("rf19"), message(HARM)),
    Case("self-harm in German", flag("rf19"), comment("Ich will nicht mehr leben")),
    Case("self-harm in Spanish", flag("rf19"), comment("Quiero quitarme la vida")),
    Case("self-harm in a record without a status", flag("rf19"), without("status", noted(HARM))),
    Case("self-harm in a record without a time", flag("rf19"), without("effectiveDateTime", noted(HARM))),
    Case(
        "self-harm with a curved apostrophe",
        flag("rf19"),
        in_form("I don’t want to live any more", DAILY, "comment"),
    ),
    Case(
        "killing time",
        RISES,
        in_form("Killing time before the bus, legs felt strong", DAILY, "anything-else"),
    ),
    Case(
        "comment entered in error",
        RISES,
        added(observation("daily-comment", status="entered-in-error", valueString=HARM)),
    ),
)
FILE_CASES = (*ALARM, *NO_ALARM, *SELF_HARM)
ON_THE_EHR = {
    "chest pain in an unknown form",
    "chest pain in German",
    "no chest pain",
    "self-harm in an item that is not known",
    "self-harm in an extension of an item",
    "self-harm in an unmapped record",
    "self-harm in a note on a diagnosis",
    "self-harm in a message",
    "killing time",
}
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
