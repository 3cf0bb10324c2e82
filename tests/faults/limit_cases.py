"""Limits that cannot be applied, and who approved a plan, set a limit or cleared a flag."""

from __future__ import annotations

from typing import Any

from tests.faults.expectations import (
    NO_RISE,
    RISES,
    WALKING_HELD,
    Case,
    Expected,
    flag,
)
from tests.faults.identity_cases import without_id
from tests.faults.records import (
    CLINICIAN,
    SUBJECT,
    Change,
    Json,
    add,
    added,
    both,
    component,
    concept,
    elsewhere,
    observation,
    one,
    quantity,
    walk,
)

SET = "2025-01-05T09:00:00+00:00"
BY = [{"reference": CLINICIAN}]
HELD = Expected(rule="D5")


def limit(code: str, id_: str = "limit-1", at: str = SET, **more: Any) -> Json:
    """A limit that a clinician set."""
    return observation(code, at, id_, **{"performer": BY, **more})


def dose_limit(amount: Json | None, exercise: Json | None, id_: str = "limit-1", at: str = SET, **more: Any) -> Json:
    """A limit on the dose of an exercise; `amount` and `exercise` are the values of its components."""
    parts = [{"code": concept("amount"), **amount}] if amount else []
    if exercise:
        parts.append({"code": concept("exercise"), **exercise})
    return limit("dose-limit", id_, at, component=parts, **more)


def on(exercise: str, value: float, unit: str, **more: Any) -> Json:
    """A limit in a unit."""
    return dose_limit({"valueQuantity": quantity(value, unit)}, {"valueCodeableConcept": concept(exercise)}, **more)


ON_WALKING = {"valueCodeableConcept": concept("walking")}
LIMITS = (
    Case("walking limited in metres", HELD, added(on("walking", 800, "m"))),
    Case("walking limited in steps", HELD, added(on("walking", 3000, "{steps}"))),
    Case("limit without an id", WALKING_HELD, without_id(on("walking", 15, "min"))),
    Case(
        "limit with a bound",
        NO_RISE,
        added(dose_limit({"valueQuantity": quantity(15, "min", comparator="<=")}, ON_WALKING)),
    ),
    Case(
        "limit with a unit in words only",
        NO_RISE,
        added(dose_limit({"valueQuantity": {"value": 15, "unit": "furlongs"}}, ON_WALKING)),
    ),
    Case(
        "limit on an exercise that is not known",
        HELD,
        added(dose_limit({"valueQuantity": quantity(10, "min")}, {"valueCodeableConcept": {"text": "Nordic poles"}})),
    ),
    Case("limit without an exercise", HELD, added(dose_limit({"valueQuantity": quantity(10, "min")}, None))),
    Case("limit without an amount", HELD, added(dose_limit(None, ON_WALKING))),
    Case("limit in words", HELD, added(limit("dose-limit", valueString="no more than a quarter of an hour"))),
    Case("negative limit", HELD, added(on("walking", -5, "min"))),
    Case("pain ceiling in millimetres", HELD, added(limit("pain-ceiling", valueQuantity=quantity(30, "mm")))),
    Case("exertion cap on another scale", HELD, added(limit("rpe-cap", valueQuantity=quantity(13, "{score}")))),
    Case("pulse limit in words", HELD, added(limit("heart-rate-limit", valueString="about a hundred and ten"))),
    Case("pulse limit in a range", HELD, added(limit("heart-rate-limit", valueRange={"high": quantity(110, "/min")}))),
    Case(
        "limit without a time",
        HELD,
        added({k: v for k, v in on("walking", 10, "min").items() if k != "effectiveDateTime"}),
    ),
    Case("walking limited to what it is", WALKING_HELD, added(on("walking", 15, "min"))),
    Case("walking limited in seconds to what it is", WALKING_HELD, added(on("walking", 900, "s"))),
    Case("walking limited above the step", RISES, added(on("walking", 30, "min"))),
    Case("walking limited in hours", RISES, added(on("walking", 0.5, "h"))),
    Case("load of the leg press limited", RISES, added(on("leg-press", 45, "kg"))),
    Case(
        "limit that was corrected",
        RISES,
        added(on("walking", 800, "m"), on("walking", 30, "min", id_="limit-2", at="2025-01-06T09:00:00+00:00")),
    ),
    Case("limit entered in error", RISES, added({**on("walking", 800, "m"), "status": "entered-in-error"})),
    Case(
        "limit in metres that the patient set", RISES, added({**on("walking", 800, "m"), "performer": [dict(SUBJECT)]})
    ),
)


def approved_by(who: Json, *given: Json, kind: str = "verifier") -> Change:
    """A plan of 43 days ago, and an approval of 9 days ago by this agent."""

    def change(bundle: Json) -> None:
        plan, approval = one(bundle, "e2-progress-plan"), one(bundle, "-approval")
        plan.update(created="2024-12-01T09:00:00+00:00", period={"start": "2024-12-01"})
        for held in (part for part in one(bundle, "-decision")["component"] if "valueDateTime" in part):
            held["valueDateTime"] = "2025-01-04" if "loading" in held["code"]["text"] else "2024-12-01"
        for order in ("order-walking", "order-leg-press"):
            one(bundle, order).update(authoredOn="2024-12-01T09:00:00+00:00")
            one(bundle, order)["occurrenceTiming"]["repeat"]["boundsPeriod"] = {"start": "2024-12-01"}
        (agent,) = (agent for agent in approval["agent"] if agent["type"]["coding"][0]["code"] == "verifier")
        agent["type"]["coding"][0]["code"] = kind
        agent["who"] = who
        add(bundle, *given)

    return change


def role(id_: str, **more: Any) -> Json:
    """A PractitionerRole of the physiotherapist."""
    return {"resourceType": "PractitionerRole", "id": id_, "practitioner": {"reference": CLINICIAN}, **more}


def inactive_clinician(bundle: Json) -> None:
    """The physiotherapist who approved is no longer active."""
    approved_by({"reference": CLINICIAN})(bundle)
    one(bundle, "example-physiotherapist")["active"] = False


SAME_ID = {"resourceType": "Practitioner", "id": "example-physiotherapist"}
NEWER = {"versionId": "9", "lastUpdated": "2025-01-12T00:00:00Z"}
APPROVALS = (
    Case(
        "approved by a relative",
        NO_RISE,
        approved_by(
            {"reference": "RelatedPerson/r"}, {"resourceType": "RelatedPerson", "id": "r", "patient": dict(SUBJECT)}
        ),
    ),
    Case("approved by a device", NO_RISE, approved_by({"reference": "Device/d"})),
    Case("approved by an organisation", NO_RISE, approved_by({"reference": "Organization/o"})),
    Case("approved by a clinician who is not active", NO_RISE, inactive_clinician),
    Case(
        "approved in a role that is not active",
        NO_RISE,
        approved_by({"reference": "PractitionerRole/r"}, role("r", active=False)),
    ),
    Case(
        "approved in a role that has ended",
        NO_RISE,
        approved_by({"reference": "PractitionerRole/r"}, role("r", active=True, period={"end": "2024-06-30"})),
    ),
    Case("approved by a type alone", NO_RISE, approved_by({"type": "Practitioner", "display": "Dr Example"})),
    Case("approved by a name alone", NO_RISE, approved_by({"display": "Dr Example"})),
    Case(
        "approved by a clinician of another server",
        NO_RISE,
        approved_by({"reference": "https://portal.example/fhir/Practitioner/example-physiotherapist"}),
    ),
    Case("written down by a clinician, not verified", NO_RISE, approved_by({"reference": CLINICIAN}, kind="enterer")),
    Case("approved by a clinician", RISES, approved_by({"reference": CLINICIAN})),
    Case("approved in an active role", RISES, approved_by({"reference": "PractitionerRole/r"}, role("r", active=True))),
)
APPROVALS_ON_TWO_SERVERS = (
    Case(
        "clinician who left, and one of a portal with the same id",
        NO_RISE,
        both(inactive_clinician, elsewhere({**SAME_ID, "active": True, "meta": NEWER})),
    ),
    Case(
        "clinician who left, and an older one of a portal",
        NO_RISE,
        both(inactive_clinician, elsewhere({**SAME_ID, "active": True})),
    ),
    Case(
        "clinician of a portal who left, with the same id",
        RISES,
        both(approved_by({"reference": CLINICIAN}), elsewhere({**SAME_ID, "active": False})),
    ),
)
NO_ONE = [{"type": "Practitioner", "display": "A clinician"}]
IN_ROLE = [{"reference": "PractitionerRole/r"}]
BY_NUMBER = [{"type": "Practitioner", "identifier": {"system": "urn:staff", "value": "1"}}]


def set_by(code: str, value: float, by: list[Json], *given: Json, peak: float | None = None) -> Change:
    """A limit signed by these performers, beside other resources and a peak of the last walk."""

    def change(bundle: Json) -> None:
        add(bundle, limit(code, valueQuantity=quantity(value, "{score}"), performer=by), *given)
        if peak is not None:
            component(walk(bundle), "pain-peak")["valueQuantity"]["value"] = peak

    return change


def left(bundle: Json) -> None:
    """The physiotherapist has a number and is no longer active."""
    one(bundle, "example-physiotherapist").update(active=False, identifier=[{"system": "urn:staff", "value": "1"}])


def cleared_by(by: list[Json], *given: Json) -> Change:
    """A yes of this morning, and a clearance signed by these performers."""
    clearance = observation(
        "flag-clearance", "2025-01-13T08:30:00+00:00", "clear-1", valueCodeableConcept=concept("rf09"), performer=by
    )
    return added(observation("rf09", valueBoolean=True), clearance, *given)


CEILING_RAISED = set_by("pain-ceiling", 7, BY, peak=6)
HERE = {"resourceType": "PractitionerRole", "id": "r", "active": True}
ENDED = role("r", period={"end": "2025-01-12"})
SIGNED = (
    Case("ceiling raised by a clinician", RISES, CEILING_RAISED),
    Case("ceiling raised by a clinician with a number", RISES, set_by("pain-ceiling", 7, BY_NUMBER, peak=6)),
    Case("ceiling raised by a name alone", WALKING_HELD, set_by("pain-ceiling", 7, NO_ONE, peak=6)),
    Case("ceiling raised by a clinician who left", WALKING_HELD, both(left, CEILING_RAISED)),
    Case(
        "ceiling raised by a clinician with a number who left",
        WALKING_HELD,
        both(left, set_by("pain-ceiling", 7, BY_NUMBER, peak=6)),
    ),
    Case("ceiling raised in a role that has ended", WALKING_HELD, set_by("pain-ceiling", 7, IN_ROLE, ENDED, peak=6)),
    Case("ceiling lowered by a name alone", NO_RISE, set_by("pain-ceiling", 2, NO_ONE, peak=3)),
    Case("ceiling lowered by a clinician who left", NO_RISE, both(left, set_by("pain-ceiling", 2, BY, peak=3))),
    Case(
        "limit of walking raised again by a name alone",
        WALKING_HELD,
        added(
            on("walking", 15, "min"),
            on("walking", 30, "min", id_="limit-2", at="2025-01-06T09:00:00+00:00", performer=NO_ONE),
        ),
    ),
    Case("usual pain lowered by a name alone", NO_RISE, set_by("usual-pain", 0, NO_ONE)),
    Case("flag cleared by a name alone", flag("rf09"), cleared_by(NO_ONE)),
    Case("flag cleared by a clinician who left", flag("rf09"), both(left, cleared_by(BY))),
    Case("flag cleared in a role that has ended", flag("rf09"), cleared_by(IN_ROLE, ENDED)),
    Case("flag cleared in the role of a clinician who left", flag("rf09"), both(left, cleared_by(IN_ROLE, role("r")))),
    Case("flag cleared in an active role", RISES, cleared_by(IN_ROLE, role("r"))),
    Case("flag cleared by one who left and one who is here", RISES, both(left, cleared_by([*BY, *IN_ROLE], HERE))),
)
FILE_CASES = (*LIMITS, *APPROVALS, *APPROVALS_ON_TWO_SERVERS, *SIGNED)
ON_THE_EHR = {
    "load of the leg press limited",
    "limit that was corrected",
    "walking limited in metres",
    "limit without an exercise",
    "approved by a device",
    "approved by a clinician",
    "ceiling raised by a clinician",
    "ceiling raised by a clinician who left",
    "flag cleared in a role that has ended",
    "flag cleared in the role of a clinician who left",
    "flag cleared in an active role",
    "approved by a clinician who is not active",
    "approved in a role that is not active",
}
EHR_CASES = (*APPROVALS_ON_TWO_SERVERS, *(case for case in FILE_CASES if case.id in ON_THE_EHR))
