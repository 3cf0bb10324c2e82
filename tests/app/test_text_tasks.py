"""A text with words of a red flag: a Task, a line on the worklist, and no patient's words where they do not belong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from tests.contract.people import PATIENTS, rules
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult, plan_patient
from titrate.app.report.worklist import WorkItem, WorkKind, work_items
from titrate.clinical.values.completeness import Completeness, Incomplete, Retrieval
from titrate.fhir.bundle_contents import resources_of
from titrate.fhir.transaction_entries import simulate
from titrate.fhir.validate import validate
from titrate.json_codec import loads
from titrate.messages.completeness import PageMissing

Resources = Sequence[Any]
FOLDER = PATIENTS / "e2-progress"
AT = datetime.fromisoformat(json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))["at"])
CODES = "https://titrate.example/fhir/CodeSystem/titrate"
WORDS = "numb between my legs and a strange chest pain"


@cache
def held() -> Resources:
    """The resources of a patient whose walk would rise."""
    return resources_of(loads((FOLDER / "bundle.json").read_bytes()))[0]


def observed(code: str, when: datetime, **more: Any) -> dict[str, Any]:
    """A final Observation of the patient."""
    return {
        "resourceType": "Observation",
        "id": f"{code}-{when:%m%d%H%M}",
        "status": "final",
        "code": {"coding": [{"system": CODES, "code": code}]},
        "subject": {"reference": "Patient/e2-progress"},
        "effectiveDateTime": when.isoformat(),
        **more,
    }


TEXT = observed("daily-comment", AT - timedelta(hours=1), valueString=WORDS)
NAME = f"Observation/{TEXT['id']}"


def run(resources: Resources, at: datetime = AT, **more: Any) -> tuple[PipelineResult, Resources]:
    """One run, and the resources in the EHR after it."""
    result = plan_patient(FetchResult(resources, **more), rules(), at)
    assert validate(result.bundle) == ()
    return result, simulate(resources, result.bundle.get("entry", ()))


def is_text_task(resource: Any) -> bool:
    """Whether it is a Task to read a text."""
    codes = [coding["code"] for coding in resource["code"]["coding"]] if resource["resourceType"] == "Task" else []
    return "read-text" in codes


def tasks(resources: Resources) -> list[Any]:
    """The Tasks to read a text."""
    return [one for one in resources if is_text_task(one)]


def statuses(resources: Resources) -> list[str]:
    """Their statuses."""
    return [one["status"] for one in tasks(resources)]


def answers(at: datetime, *flags: str) -> Resources:
    """A no to these questions."""
    return [observed(flag, at, valueBoolean=False) for flag in flags]


def test_without_the_text_there_is_no_task() -> None:
    """The walk rises, and nothing is asked."""
    result, after = run(held())
    assert (result.evaluation.decision.rule, tasks(after)) == ("D10", [])
    assert WorkKind.TEXT not in [item.work for item in work_items(result, None)]


def test_the_task_names_text_date_and_questions() -> None:
    """An urgent Task about the resource, without the patient's words; the decision and the worklist name it too."""
    result, after = run([*held(), TEXT])
    decision = result.evaluation.decision
    (task,) = tasks(after)
    assert decision.rule == "D7"
    assert (task["status"], task["priority"], task["reasonReference"]) == ("requested", "urgent", {"reference": NAME})
    day = str((AT - timedelta(hours=1)).date())
    for words in (NAME, day, "RF01", "RF09", "Do you have chest pain or pressure", "emergency assessment now"):
        assert words in task["description"]
    assert WORDS not in f"{task} {[*map(str, decision.reasons)]}"
    assert WorkItem(WorkKind.TEXT, "Patient/e2-progress", None, NAME) in work_items(result, None)
    assert NAME in {source.reference for entry in decision.trace for source in entry.sources}


def test_it_is_written_once_and_completed_by_the_answers() -> None:
    """Unchanged input writes no second Task; one answer of two leaves it open."""
    _, first = run([*held(), TEXT])
    again, second = run(first, AT + timedelta(days=1))
    assert statuses(first) == statuses(second) == ["requested"]
    assert not any(is_text_task(entry["resource"]) for entry in again.bundle.get("entry", ()))
    _, half = run([*second, *answers(AT + timedelta(hours=25), "rf01")], AT + timedelta(days=2))
    assert statuses(half) == ["requested"]
    _, done = run([*half, *answers(AT + timedelta(hours=49), "rf09")], AT + timedelta(days=3))
    assert statuses(done) == ["completed"]


def test_another_text_is_another_task() -> None:
    """But not for the same questions, which the first text opened."""
    later = observed("daily-comment", AT + timedelta(hours=1), valueString="chest pain and double vision")
    _, first = run([*held(), TEXT])
    _, second = run([*first, later], AT + timedelta(days=1))
    one, two = (task["description"] for task in tasks(second))
    assert ("RF22" in one, "RF22" in two, "RF09" in two) == (False, True, False)


@pytest.mark.parametrize("status", ["completed", "cancelled", "rejected"])
def test_a_task_that_a_clinician_closed_stays_closed(status: str) -> None:
    """The question stays open without it."""
    _, first = run([*held(), TEXT])
    closed = [{**one, "status": status} if is_text_task(one) else one for one in first]
    result, after = run(closed, AT + timedelta(days=1))
    assert (result.evaluation.decision.rule, statuses(after)) == ("D7", [status])


def test_an_incomplete_record_completes_no_task() -> None:
    """The text may be in the part that is missing."""
    _, first = run([*held(), TEXT])
    without = [one for one in first if one.get("id") != TEXT["id"]]
    partial = Completeness({"Observation": Incomplete(Retrieval.PARTIAL, PageMissing())})
    _, after = run(without, AT + timedelta(days=1), completeness=partial)
    assert statuses(after) == ["requested"]
    _, complete = run(without, AT + timedelta(days=1))
    assert statuses(complete) == ["completed"]


SUBJECT = {"reference": "Patient/e2-progress"}
YESTERDAY = AT - timedelta(days=1)


def form(name: str, *items: Any) -> dict[str, Any]:
    """A completed form of yesterday."""
    return {
        "resourceType": "QuestionnaireResponse",
        "id": f"form-{name}",
        "questionnaire": f"https://titrate.example/fhir/Questionnaire/{name}",
        "status": "completed",
        "subject": SUBJECT,
        "authored": YESTERDAY.isoformat(),
        "item": list(items),
    }


def item(link: str, question: str, **answer: Any) -> dict[str, Any]:
    """An item with its question and an answer."""
    return {"linkId": link, "text": question, "answer": [answer]}


def condition(note: str, recorded: datetime) -> dict[str, Any]:
    """A diagnosis that no group holds, with a note."""
    code = {
        "coding": [{"system": "http://snomed.info/sct", "code": "1", "display": "Chest pain"}],
        "text": "Chest pain",
    }
    about = {"subject": SUBJECT, "recordedDate": recorded.isoformat(), "note": [{"text": note}]}
    return {"resourceType": "Condition", "id": f"c-{recorded:%y}", "code": code, **about}


def message(words: str) -> dict[str, Any]:
    """A message of the patient."""
    sent = {"sent": YESTERDAY.isoformat(), "payload": [{"contentString": words}]}
    return {"resourceType": "Communication", "id": "m", "status": "completed", "subject": SUBJECT, **sent}


@pytest.mark.parametrize(
    ("words", "rule"), [("chest pain", "D7"), ("taub zwischen den Beinen", "D7"), ("suicidal", "D1")]
)
def test_wherever_the_words_are(words: str, rule: str) -> None:
    """An unknown item, a note of a refused report, a diagnosis and a message: none of them lets the walk rise."""
    for one in (
        form("daily-check-in", item("anything-else", "Anything else?", valueString=words)),
        observed("tsk-11", YESTERDAY, valueInteger=400, status="preliminary", note=[{"text": words}]),
        observed("no-such-code", YESTERDAY, valueString=words),
        condition(words, YESTERDAY),
        message(words),
    ):
        found = run([*held(), one])[0].evaluation.decision
        assert rule in found.matched, one


def test_benign_texts_hold_no_one() -> None:
    """Negated symptoms, ordinary words, questions, names and old notes: the walk rises as without them (B13.18)."""
    years_ago = AT - timedelta(days=3000)
    texts = ("no chest pain today", "legs fine", "chest press 3x10", "keine Brustschmerzen", "sin dolor en el pecho")
    noise = [
        *(observed("daily-comment", AT - timedelta(hours=n), valueString=words) for n, words in enumerate(texts, 1)),
        form(
            "other-form",
            item("q1", "Do you have chest pain?", valueBoolean=False),
            item("q2", "Numb between the legs?"),
        ),
        condition("chest pain, suicidal thoughts, numb between the legs", years_ago),
        condition("Denies chest pain, shortness of breath and suicidal thoughts", YESTERDAY),
        observed("no-such-code", YESTERDAY, valueBoolean=False) | {"code": {"text": "Chest pain in the last week"}},
    ]
    result, after = run([*held(), *noise])
    before = run(held())[0].evaluation.decision
    assert (result.evaluation.decision.rule, result.evaluation.decision.doses) == ("D10", before.doses)
    assert tasks(after) == []
