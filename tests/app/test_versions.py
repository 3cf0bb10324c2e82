"""An EHR whose searches give no version of a resource: nothing is updated without one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.app.faulty_proxy import FaultyProxy, Forward, faultless, faulty_proxy, is_transaction
from tests.ehr.odd_server import ReceivedRequest, Reply, outcome
from tests.fixtures.diary import screen
from tests.fixtures.who import Who
from tests.plan_lifecycle.ehr_server import EhrServer, rules
from tests.plan_lifecycle.patients import enrolled_patient
from titrate.app.decisions.carry_out_decision import DecisionStatus
from titrate.app.fetch_and_deliver import DeliveredPlan, plan_and_deliver
from titrate.ehr.errors import PreconditionFailed
from titrate.ehr.receipt import DeliveryOutcome

AT = datetime.fromisoformat("2025-01-13T09:00:00+00:00")
LATER = AT + timedelta(minutes=30)


def _without_versions(content: Any) -> Any:
    if isinstance(content, list):
        return [_without_versions(item) for item in content]
    if not isinstance(content, dict):
        return content
    kept = {key: _without_versions(item) for key, item in content.items()}
    if isinstance(kept.get("meta"), dict):
        kept["meta"].pop("versionId", None)
    return kept


def version_in_etag(request: ReceivedRequest, forward: Forward) -> Reply:
    """No `meta.versionId` in a body; `meta.versionId` is optional in R4, and a read has an ETag."""
    reply = forward(request)
    return Reply(reply.status, json.dumps(_without_versions(json.loads(reply.body))).encode(), reply.headers)


def no_version(request: ReceivedRequest, forward: Forward) -> Reply:
    """No version anywhere, as on a server with `versioning` of `no-version`."""
    reply = version_in_etag(request, forward)
    return Reply(reply.status, reply.body, {key: v for key, v in reply.headers.items() if key.lower() != "etag"})


def edited_meanwhile(request: ReceivedRequest, forward: Forward) -> Reply:
    """412 for every transaction that updates something."""
    if is_transaction(request) and b'"PUT"' in request.body:
        return outcome(412, "conflict")
    return forward(request)


@pytest.fixture
def proxy(sandbox_ehr: EhrServer) -> Iterator[FaultyProxy]:
    """Between the service and the sandbox."""
    with faulty_proxy(sandbox_ehr.base_url) as started:
        yield started


def run(proxy: FaultyProxy, who: str, at: datetime) -> DeliveredPlan:
    """One run of the service behind the proxy."""
    return plan_and_deliver(EhrServer(proxy.base_url).ehr(), who, rules(), at, lambda _result, _receipt: None)


def limit(who: str) -> Any:
    """A clinician's limit below the drafted dose, so that the draft must be replaced."""
    return {
        "resourceType": "Observation",
        "id": f"limit-{who}"[:64],
        "status": "final",
        "code": {"coding": [{"system": rules().site.codes, "code": "dose-limit"}]},
        "subject": {"reference": f"Patient/{who}"},
        "performer": [{"reference": "Practitioner/example-physiotherapist"}],
        "effectiveDateTime": LATER.isoformat(),
        "component": [
            {
                "code": {"coding": [{"system": rules().site.codes, "code": "exercise"}]},
                "valueCodeableConcept": {"coding": [{"system": rules().site.codes, "code": "walking"}]},
            },
            {
                "code": {"coding": [{"system": rules().site.codes, "code": "amount"}]},
                "valueQuantity": {"value": 12, "unit": "min", "system": "http://unitsofmeasure.org", "code": "min"},
            },
        ],
    }


def test_the_version_of_the_etag_is_the_condition_of_the_update(sandbox_ehr: EhrServer, proxy: FaultyProxy) -> None:
    """The draft is replaced, and every update names the version that was read."""
    who = enrolled_patient(sandbox_ehr)
    sandbox_ehr.run(who, AT)
    before = sandbox_ehr.draft(who)
    sandbox_ehr.put([limit(who)])
    proxy.behaviour = version_in_etag
    done = run(proxy, who, LATER + timedelta(hours=1))
    assert done.receipt is not None
    assert done.receipt.outcome is DeliveryOutcome.WRITTEN
    updates = [entry for entry in done.result.bundle["entry"] if entry["request"]["method"] == "PUT"]
    assert updates
    assert all(entry["request"]["ifMatch"] for entry in updates)
    assert sandbox_ehr.read(f"CarePlan/{before}")["status"] == "revoked"


def test_nothing_is_updated_without_a_version(sandbox_ehr: EhrServer, proxy: FaultyProxy) -> None:
    """The delivery is refused as a whole and says which type has no version; so is an approval."""
    who = enrolled_patient(sandbox_ehr)
    sandbox_ehr.run(who, AT)
    draft = sandbox_ehr.draft(who)
    proxy.behaviour = no_version
    result = EhrServer(proxy.base_url).approve(draft, LATER)
    assert result.ending is not DecisionStatus.DONE
    sandbox_ehr.put([limit(who)])
    before = sandbox_ehr.everything(who)
    done = run(proxy, who, LATER + timedelta(hours=1))
    assert done.receipt is not None
    assert done.receipt.outcome is DeliveryOutcome.REFUSED
    assert [issue.code for issue in done.receipt.issues] == ["version-unknown"]
    assert "CarePlan.meta.versionId" in str(done.receipt.issues[0])
    assert sandbox_ehr.everything(who) == before


def test_a_red_flag_is_delivered_without_a_version(sandbox_ehr: EhrServer, proxy: FaultyProxy) -> None:
    """It waits for no update: the Flag is written, and the open draft stays as it is, which the receipt says."""
    who = enrolled_patient(sandbox_ehr)
    sandbox_ehr.run(who, AT)
    draft = sandbox_ehr.draft(who)
    person = Who(who, "Europe/London", "1960-05-20", "male")
    sandbox_ehr.put([{**screen(person, LATER.isoformat(), yes=("rf09",)), "id": f"screen-{who}"[:64]}])
    proxy.behaviour = no_version
    done = run(proxy, who, LATER + timedelta(hours=1))
    assert done.receipt is not None
    assert (done.receipt.outcome, done.receipt.created) == (DeliveryOutcome.REFUSED, 2)
    assert [flag["status"] for flag in sandbox_ehr.of("Flag", who)] == ["active"]
    assert len(sandbox_ehr.of("Communication", who)) == 1
    assert sandbox_ehr.read(f"CarePlan/{draft}")["status"] == "draft"


def test_a_red_flag_is_delivered_before_a_draft_in_conflict(sandbox_ehr: EhrServer, proxy: FaultyProxy) -> None:
    """A clinician who edits the draft at every moment delays the new plan, not the alert."""
    who = enrolled_patient(sandbox_ehr)
    sandbox_ehr.run(who, AT)
    person = Who(who, "Europe/London", "1960-05-20", "male")
    sandbox_ehr.put([{**screen(person, LATER.isoformat(), yes=("rf09",)), "id": f"screen-{who}"[:64]}])
    proxy.behaviour = edited_meanwhile
    with pytest.raises(PreconditionFailed):
        run(proxy, who, LATER + timedelta(hours=1))
    assert [flag["status"] for flag in sandbox_ehr.of("Flag", who)] == ["active"]
    proxy.behaviour = faultless
    done = run(proxy, who, LATER + timedelta(hours=2))
    assert done.receipt is not None
    assert done.receipt.outcome is DeliveryOutcome.WRITTEN
    assert (len(sandbox_ehr.of("Flag", who)), len(sandbox_ehr.of("Communication", who))) == (1, 1)
