"""Cases of the fuzzer: a patient, one mutant of one of their records, and the plan with and without it."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.ehr.odd_server import FHIR_JSON, ReceivedRequest, Reply, outcome, serving
from tests.fuzz.mutations import ANYTHING, BREAKING, Mutant
from titrate.app.errors import InvalidPlan
from titrate.app.fetch_and_deliver import preview
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult, PlanningRules, plan_patient
from titrate.app.report.json_report import plan_json
from titrate.clinical.values.plan import Dose
from titrate.ehr.client import EHR
from titrate.ehr.client_policy import ClientPolicy
from titrate.ehr.errors import EHRError
from titrate.fhir.bundle_contents import resources_of
from titrate.fhir.errors import NoPatient, NotABundle, SeveralPatients
from titrate.fhir.narrative.clinician_sections import explain
from titrate.fhir.site import Site
from titrate.json_codec import InvalidJson, dumps, loads
from titrate.rulebook import load_with_lookup

Json = dict[str, Any]
Doses = Mapping[str, Dose | None]
PATIENTS = Path("fixtures/patients")
# Errors with a sentence for the caller. Any other exception is a fault of the service.
NAMED = (InvalidJson, NotABundle, NoPatient, SeveralPatients, EHRError)
BREAKING_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class FuzzPatient:
    """A fixture patient: name, time of the decision, resources, and the doses that the whole record gives."""

    name: str
    at: datetime
    resources: tuple[Json, ...]
    doses: Doses


@dataclass(frozen=True, slots=True)
class Finding:
    """A case that went wrong: `crash`, `slow` or `raised`, with the patient and what was changed.

    `detail` is the rule that decided, or the error. `code` is the first code of the record before the change.
    """

    problem: str
    patient: str
    mutation: str
    resource_type: str
    element: str
    detail: str
    code: str = ""


Planner = Callable[[tuple[Any, ...], datetime], PipelineResult]


@cache
def rules() -> PlanningRules:
    """The rulebook that ships."""
    return PlanningRules(*load_with_lookup(), Site())


def plan_file(resources: tuple[Any, ...], at: datetime) -> PipelineResult:
    """The plan for a saved Bundle with these resources."""
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}
    found, refusals = resources_of(loads(dumps(bundle)))
    return plan_patient(FetchResult(found, refusals), rules(), at)


@contextlib.contextmanager
def ehr_planner() -> Iterator[Planner]:
    """Plans for the same resources as the answers of an EHR on a socket."""
    held: list[Any] = []

    def answer(request: ReceivedRequest) -> Reply:
        path = urlsplit(request.path).path.removeprefix("/fhir/")
        if path == "metadata":
            return outcome(404, "not-found")
        resource_type, _, named = path.partition("/")
        if named and named != "_search":
            return next((_resource(one) for one in held if _type(one) == resource_type), outcome(404, "not-found"))
        return _page([one for one in held if _type(one) == resource_type])

    with serving(answer) as server:
        ehr = EHR(server.base_url, requests.Session(), ClientPolicy(sleep=lambda _: None))

        def plan(resources: tuple[Any, ...], at: datetime) -> PipelineResult:
            held[:] = resources
            patient = next(
                str(one["id"]) for one in resources if _type(one) == "Patient" and isinstance(one["id"], str)
            )
            server.requests.clear()
            return preview(ehr, patient, rules(), at)[0]

        yield plan


def _type(resource: Any) -> str:
    return str(resource.get("resourceType")) if isinstance(resource, dict) else "?"


def _resource(resource: Any) -> Reply:
    return Reply(200, dumps(resource), {"Content-Type": FHIR_JSON})


def _page(resources: list[Any]) -> Reply:
    entries = [{"resource": one, "search": {"mode": "match"}} for one in resources]
    return _resource({"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries})


def doses_of(result: PipelineResult) -> Doses:
    """The dose that each exercise has earned, prescribed or deferred (B11.34); none where exercise is stopped."""
    prescription, decision = result.evaluation.prescription, result.evaluation.decision
    if prescription is None:
        return {}
    deferred = {one.exercise: one.step for one in decision.candidates if one.deferred and decision.rule == "D10"}
    return {one.exercise: deferred.get(one.exercise, one.dose) for one in prescription.exercises}


def is_higher(doses: Doses, whole: Doses) -> bool:
    """Whether any exercise has more than with the whole record: by load, then by amount (B11.34)."""
    return any(dose is not None and _exceeds(dose, whole.get(name)) for name, dose in doses.items())


def _exceeds(dose: Dose, bound: Dose | None) -> bool:
    if bound is None or dose.unit != bound.unit:
        return True
    return (dose.load or Decimal(0), dose.amount) > (bound.load or Decimal(0), bound.amount)


@cache
def patients() -> tuple[FuzzPatient, ...]:
    """All fixture patients."""
    return tuple(_patient(folder) for folder in sorted(PATIENTS.iterdir()) if (folder / "bundle.json").is_file())


def _patient(folder: Path) -> FuzzPatient:
    at = datetime.fromisoformat(json.loads((folder / "expected.json").read_text(encoding="utf-8"))["at"])
    entries = loads((folder / "bundle.json").read_bytes())["entry"]
    resources = tuple(entry["resource"] for entry in entries)
    return FuzzPatient(folder.name, at, resources, doses_of(plan_file(resources, at)))


def mutants(seed: int, count: int) -> Iterator[tuple[FuzzPatient, int, Mutant]]:
    """`count` cases: the patient, which of their resources is replaced, and the mutant. The same for the same seed."""
    return (_mutant(Random(f"{seed}-{number}")) for number in range(count))  # noqa: S311


def _mutant(random: Random) -> tuple[FuzzPatient, int, Mutant]:
    while True:
        patient = random.choice(patients())
        place = random.randrange(len(patient.resources))
        ways = BREAKING if random.random() < BREAKING_SHARE else ANYTHING
        mutant = random.choice(ways)(random, patient.resources[place])
        if mutant is not None:
            return patient, place, mutant


def run(seed: int, count: int, planner: Planner = plan_file, slow_seconds: float = 2) -> Iterator[Finding]:
    """The findings of `count` cases. `slow_seconds` is CPU time of one case."""
    breaking = {way.__name__ for way in BREAKING}
    for patient, place, mutant in mutants(seed, count):
        resources = (*patient.resources[:place], mutant.resource, *patient.resources[place + 1 :])
        started = time.process_time()
        problem, detail, doses = _try(planner, resources, patient.at)
        if problem is None and time.process_time() - started > slow_seconds:
            problem = "slow"
        if problem is None and mutant.name in breaking and is_higher(doses, patient.doses):
            problem, detail = "raised", detail or "a higher dose than with the whole record"
        if problem is not None:
            whole = patient.resources[place]
            named = (problem, patient.name, mutant.name, str(whole["resourceType"]), mutant.element)
            yield Finding(*named, detail, code_of(whole))


def code_of(resource: Json) -> str:
    """The first code of a whole record; empty for a type without one."""
    codings = resource.get("code", {}).get("coding", [{}])
    return str(codings[0].get("code", ""))


def _try(planner: Planner, resources: tuple[Any, ...], at: datetime) -> tuple[str | None, str, Doses]:
    try:
        result = planner(resources, at)
        dumps(plan_json(result, rules().rulebook))
        if result.proposal is not None:
            explain(result.proposal).encode()
    except NAMED:
        return None, "", {}
    except InvalidPlan as error:
        return "crash", f"InvalidPlan: {error}"[:200], {}
    except Exception as error:  # noqa: BLE001
        return "crash", f"{type(error).__name__} at {_place(error)}", {}
    return None, result.evaluation.decision.rule, doses_of(result)


def _place(error: Exception) -> str:
    trace = error.__traceback__
    place = "?"
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if "/titrate/" in name:
            place = f"{name.rpartition('/titrate/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def by_kind(findings: Iterable[Finding]) -> dict[tuple[str, str, str, str], int]:
    """How many findings of each problem, mutation, resource type and element."""
    counts: dict[tuple[str, str, str, str], int] = {}
    for one in findings:
        kind = (one.problem, one.mutation, one.resource_type, one.element)
        counts[kind] = counts.get(kind, 0) + 1
    return counts
