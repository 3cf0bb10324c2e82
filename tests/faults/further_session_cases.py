"""Further inputs of the kinds of faults in sessions, limits, signers, pulses, words of alarm and PHQ-9 items."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.faults import limit_cases, session_cases, time_cases, word_cases
from tests.faults.expectations import NO_RISE, RISES, WALKING, WALKING_HELD, Case, Expected, flag
from tests.faults.records import (
    CLINICIAN,
    EHR,
    FORMS_URL,
    LOINC,
    SUBJECT,
    TODAY,
    Change,
    Json,
    add,
    added,
    answer,
    component,
    concept,
    condition,
    marked,
    observation,
    one,
    quantity,
    response,
    walk,
)

HELD, UNANSWERED = Expected(rule="D5"), Expected(rule="D7")
DAILY = f"{FORMS_URL}/daily-check-in"
HARM = word_cases.HARM
PULSE = concept("8867-4", LOINC)
PHQ = dict(enumerate(("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3"), 1))
ITEM_9 = "44260-8"
SCORES = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")
QUESTION_9 = "Thoughts that you would be better off dead, or of hurting yourself in some way"


def comment(text: str, expected: Expected) -> Case:
    """A comment of this morning."""
    return Case(f"comment: {text}", expected, word_cases.comment(text))


def again(start: Json, expected: Expected, name: str, **more: Any) -> Case:
    """Only the walk of the 10th remains, and comes again in another period."""

    def change(bundle: Json) -> None:
        session_cases.one_walk()(bundle)
        add(bundle, {**deepcopy(walk(bundle)), "id": "again-1", "effectivePeriod": start, **more})

    return Case(name, expected, change)


def preliminary_with_less(bundle: Json) -> None:
    """The walk of the 10th again, a minute later, as preliminary and with less done."""
    add(bundle, {**session_cases.moved(walk(bundle), 1, "again-1"), "status": "preliminary"})
    component(one(bundle, "again-1"), "done")["valueQuantity"]["value"] = 8


def two_walks_in_a_row(bundle: Json) -> None:
    """Another walk of 15 minutes begins five minutes after the end of the first."""
    second = session_cases.moved(walk(bundle), 20, "second-1")
    add(bundle, {**second, "identifier": [{"system": "urn:watch", "value": "2"}]})


def two_amounts(bundle: Json) -> None:
    """A limit in minutes and in metres."""
    held = limit_cases.on("walking", 15, "min")
    held["component"].append({"code": concept("amount"), "valueQuantity": quantity(800, "m")})
    add(bundle, held)


def with_patient(bundle: Json) -> None:
    """A clinician and the patient verified the plan."""
    limit_cases.approved_by({"reference": CLINICIAN})(bundle)
    kind = concept("verifier", "http://terminology.hl7.org/CodeSystem/provenance-participant-type")
    one(bundle, "-approval")["agent"].append({"type": kind, "who": dict(SUBJECT)})


def on_behalf(bundle: Json) -> None:
    """The patient verified the plan on behalf of a clinician."""
    limit_cases.approved_by(dict(SUBJECT))(bundle)
    for agent in one(bundle, "-approval")["agent"]:
        agent["onBehalfOf"] = {"reference": CLINICIAN}


def contained_clinician(bundle: Json) -> None:
    """The approval contains its clinician."""
    limit_cases.approved_by({"reference": "#p"})(bundle)
    one(bundle, "-approval")["contained"] = [{"resourceType": "Practitioner", "id": "p", "active": True}]


def pulse(at: str, code: Json = PULSE, **value: Any) -> Change:
    """A pulse beside a limit of 120."""
    return added(session_cases.LIMIT, observation(code, at, "pulse-1", **value))


def items(scores: dict[int, int], ninth: int, coded: bool = False, **more: Any) -> Change:
    """The items of the PHQ-9 as single Observations."""
    codes = {PHQ[number]: score for number, score in scores.items()} | {ITEM_9: ninth}
    return added(
        *(
            observation(
                concept(code, LOINC),
                id_=f"phq-{code}",
                **({"valueCodeableConcept": concept(SCORES[score], LOINC)} if coded else {"valueInteger": score}),
                **more,
            )
            for code, score in codes.items()
        )
    )


def ninth(code: Json, **value: Any) -> Change:
    """Item 9 in an Observation of this code."""
    return added(observation(code, **value))


def entry(url: str, held: Json) -> Change:
    """An entry with this full address."""
    return lambda bundle: bundle["entry"].append({"fullUrl": url, "resource": held})


def one_id_twice(bundle: Json) -> None:
    """A no and a yes have one id and two full addresses."""
    for name, value in (("a", False), ("b", True)):
        entry(f"{EHR}/Observation/{name}", observation("rf09", id_="x", valueBoolean=value))(bundle)


def under_an_answer(text: str) -> Change:
    """A text in an item under an answer of our daily form."""
    replied = {"valueBoolean": True, "item": [answer("q9", valueString=text)]}
    return added(response([{"linkId": "g", "answer": [replied]}], DAILY))


YES = observation("rf09", valueBoolean=True)
SESSIONS = (
    Case("walks that start at 0, 4 and 8 minutes", session_cases.ONE_SESSION, session_cases.one_walk(4, 8)),
    again(
        {"start": "2025-01-10T05:00:07-05:00", "end": "2025-01-10T05:15:07-05:00"},
        session_cases.ONE_SESSION,
        "walk again in the time of another zone",
    ),
    again({"start": "2025-01-10T10:03:00+00:00"}, session_cases.ONE_SESSION, "walk again without an end"),
    Case("walk again, preliminary, with less done", NO_RISE, preliminary_with_less),
    Case("walk again with 13 % less done", HELD, session_cases.copy_of("10", 1, done=13)),
    Case("two walks in a row", Expected(rule="D10", raised=WALKING, walks=4), two_walks_in_a_row),
    Case(
        "stopped for pain and completed",
        NO_RISE,
        session_cases.part(
            "10",
            "stop-reason",
            session_cases.coded(session_cases.local("completed"), session_cases.local("pain")),
        ),
    ),
    Case(
        "activity kept and not kept",
        NO_RISE,
        added(
            observation(
                "daily-activity-kept", **session_cases.coded(session_cases.local("yes"), session_cases.local("no"))
            )
        ),
    ),
    Case(
        "limit on walking and cycling in one code",
        NO_RISE,
        added(
            limit_cases.dose_limit(
                {"valueQuantity": quantity(15, "min")},
                session_cases.coded(session_cases.local("walking"), session_cases.local("cycling")),
            )
        ),
    ),
)
LIMITS = (
    Case("walking limited in kilocalories", HELD, added(limit_cases.on("walking", 60, "kcal"))),
    Case("walking limited in miles", HELD, added(limit_cases.on("walking", 0.5, "[mi_i]"))),
    Case("load limited in newtons", HELD, added(limit_cases.on("leg-press", 300, "N"))),
    Case("limit with two amounts", NO_RISE, two_amounts),
    Case(
        "limit by its text alone", HELD, added({**limit_cases.on("walking", 15, "min"), "code": {"text": "dose limit"}})
    ),
    Case("load limited in pounds above the load", RISES, added(limit_cases.on("leg-press", 120, "[lb_av]"))),
    Case("limit on an exercise outside the plan", RISES, added(limit_cases.on("cycling", 10, "min"))),
    Case("dose since the year 9999", HELD, time_cases.state("walking.dose-since", "9999-12-31")),
    Case("loading since a time in June", HELD, time_cases.state("loading-since", "2025-06-01T09:00:00Z")),
    Case(
        "plan begins next month", HELD, marked("e2-progress-plan", period={"start": "2025-02-13"}, created="2025-02-13")
    ),
)
SIGNERS = (
    Case("approved by the patient on behalf of a clinician", NO_RISE, on_behalf),
    Case("approved by a contained clinician", NO_RISE, contained_clinician),
    Case(
        "approved in a role that begins tomorrow",
        NO_RISE,
        limit_cases.approved_by(
            {"reference": "PractitionerRole/r"}, limit_cases.role("r", active=True, period={"start": "2025-01-14"})
        ),
    ),
    Case("approved by a clinician and the patient", RISES, with_patient),
)
PULSES = (
    Case(
        "pulse of the walk in bpm",
        WALKING_HELD,
        pulse("2025-01-10T10:05:00+00:00", valueQuantity={"value": 150, "unit": "bpm"}),
    ),
    Case(
        "preliminary pulse of the walk",
        WALKING_HELD,
        pulse("2025-01-10T10:05:00+00:00", valueQuantity=quantity(150, "/min"), status="preliminary"),
    ),
    Case(
        "pulse at the first second of the walk",
        WALKING_HELD,
        pulse("2025-01-10T10:00:00", valueQuantity=quantity(150, "/min")),
    ),
    Case(
        "pulse of the leg press",
        Expected(rule="D10", raised=WALKING),
        pulse("2025-01-09T15:05:00+00:00", valueQuantity=quantity(150, "/min")),
    ),
)
WORDS = (
    *(
        comment(text, UNANSWERED)
        for text in (
            "both legs are tingling and it is hard to start peeing",
            "My chest hurts on the stairs",
            "short of breath when I lie flat",
            "Schmerzen in der Brust seit heute",
            "me falta el aire al caminar",
            "chest pain? yes",
        )
    ),
    *(
        comment(text, RISES)
        for text in ("chest pain: no", "keine Schmerzen in der Brust", "no tengo dolor de pecho", "free of chest pain")
    ),
    Case(
        "chest pain in a narrative that a person wrote",
        UNANSWERED,
        added(
            observation(
                "mood-nrs",
                valueQuantity=quantity(5, "{score}"),
                text={"status": "additional", "div": "<div>chest pain since breakfast</div>"},
            )
        ),
    ),
    Case(
        "self-harm in an item of a group",
        flag("rf19"),
        added(response([{"linkId": "g", "item": [answer("q9", valueString=HARM)]}], DAILY)),
    ),
    Case(
        "self-harm under an answer",
        flag("rf19"),
        added(
            response(
                [{"linkId": "g", "answer": [{"valueBoolean": True, "item": [answer("q", valueString=HARM)]}]}], DAILY
            )
        ),
    ),
    Case("self-harm with accents apart", flag("rf19"), word_cases.in_form("Ich mo\u0308chte nicht mehr leben", DAILY)),
    Case(
        "self-harm in an answer that is not in a list",
        flag("rf19"),
        added(response([{"linkId": "q9", "answer": {"valueString": HARM}}], DAILY)),
    ),
    Case("people live in Berlin", RISES, word_cases.in_form("Die Kinder leben in Berlin", DAILY)),
)
ITEMS = (
    Case("nine items, item 9 several days", flag("rf19"), items(dict.fromkeys(PHQ, 0), 1)),
    Case("nine items by codes, item 9 nearly every day", flag("rf19"), items(dict.fromkeys(PHQ, 1), 3, coded=True)),
    Case("nine preliminary items", flag("rf19"), items(dict.fromkeys(PHQ, 0), 2, status="preliminary")),
    Case("nine items with ten points", NO_RISE, items({1: 3, 2: 3, 3: 2, 4: 2, 5: 0, 6: 0, 7: 0, 8: 0}, 0)),
    Case("nine items with nine points", RISES, items({1: 3, 2: 3, 3: 2, 4: 1, 5: 0, 6: 0, 7: 0, 8: 0}, 0, coded=True)),
    Case("item 9 as words", flag("rf19"), ninth(concept(ITEM_9, LOINC), valueString="Several days")),
    Case("item 9 beyond its range", NO_RISE, ninth(concept(ITEM_9, LOINC), valueInteger=7)),
    Case(
        "item 9 by a code of the site, with its question",
        flag("rf19"),
        ninth({**concept("phq9-9", "urn:site"), "text": QUESTION_9}, valueInteger=2),
    ),
    Case(
        "item 9 with a wrong check digit, with its question",
        flag("rf19"),
        ninth({**concept("44260-9", LOINC), "text": QUESTION_9}, valueInteger=2),
    ),
    Case("item 9 by its question alone", flag("rf19"), ninth({"text": QUESTION_9}, valueInteger=1)),
    Case(
        "item 9 not at all, by a code of the site",
        RISES,
        ninth({**concept("phq9-9", "urn:site"), "text": QUESTION_9}, valueInteger=0),
    ),
)
FULL_ADDRESSES = (
    Case("yes under another id in its full address", flag("rf09"), entry(f"{EHR}/Observation/other", YES)),
    Case("no and yes under one id", flag("rf09"), one_id_twice),
    Case(
        "yes with the full address of a walk",
        flag("rf09"),
        entry(f"{EHR}/Observation/e2-progress-walking-2025-01-10-1000", YES),
    ),
    Case("yes with the full address of the patient", flag("rf09"), entry(f"{EHR}/Patient/e2-progress", YES)),
    Case(
        "diagnosis under another id in its full address",
        flag("rf01"),
        entry(f"{EHR}/Condition/other", condition({"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "G83.4"})),
    ),
)
TITLED = {"contentType": "image/png", "url": "https://portal.example/1"}
MESSAGE = {"resourceType": "Communication", "id": "message-1", "status": "completed", "subject": SUBJECT, "sent": TODAY}
ATTACHMENTS = (
    Case(
        "chest pain in the title of an attachment",
        UNANSWERED,
        added({**MESSAGE, "payload": [{"contentAttachment": {**TITLED, "title": "chest pain since breakfast"}}]}),
    ),
    Case("picture in an attachment", RISES, added({**MESSAGE, "payload": [{"contentAttachment": TITLED}]})),
    Case(
        "attachment that cannot be decoded",
        RISES,
        added({**MESSAGE, "payload": [{"contentAttachment": {"contentType": "text/plain", "data": "%%%"}}]}),
    ),
)
FILE_CASES = (*SESSIONS, *LIMITS, *SIGNERS, *PULSES, *WORDS, *ITEMS, *FULL_ADDRESSES, *ATTACHMENTS)
ON_THE_EHR = {
    "walk again in the time of another zone",
    "stopped for pain and completed",
    "limit on walking and cycling in one code",
    "walking limited in miles",
    "loading since a time in June",
    "approved by the patient on behalf of a clinician",
    "preliminary pulse of the walk",
    "comment: My chest hurts on the stairs",
    "comment: free of chest pain",
    "self-harm in an item of a group",
    "nine items by codes, item 9 nearly every day",
    "item 9 with a wrong check digit, with its question",
    "nine items with nine points",
    "no and yes under one id",
    "chest pain in the title of an attachment",
}
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
