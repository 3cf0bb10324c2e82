"""The clinician's overview as components of the assessment Observation. Nothing reads them back."""

from __future__ import annotations

from collections.abc import Iterator

from titrate.clinical.insights.clinician_overview import ClinicianOverview, TalkingPoints
from titrate.clinical.insights.goals import GoalTimeline
from titrate.clinical.insights.heart_rate_zone import HeartRateZone
from titrate.clinical.insights.intake_summary import IntakeSummary
from titrate.fhir.doses import quantity
from titrate.fhir.elements import Json
from titrate.fhir.write.resource_ids import ResourceIds


def overview_components(found: ClinicianOverview | None, names: ResourceIds) -> list[Json]:
    """Heart-rate zone, timeline, changed scores, adherence and diary; empty where there is no overview."""
    if found is None:
        return []
    return [
        _heart(found.heart_rate, names),
        *(part for one in found.timelines for part in _outlook(one, names)),
        *(
            {"code": names.local(f"{c.measure}.change"), "valueString": f"{c.verdict.value} ({c.aspect.value})"}
            for c in found.changes
        ),
        *(
            {"code": names.local(f"{a.exercise}.adherence"), "valueQuantity": quantity(round(a.part * 100), "%")}
            for a in found.adherence
        ),
        {"code": names.local("diary-entries"), "valueInteger": found.diary.entries},
        {"code": names.local("diary-alert"), "valueBoolean": found.diary.alert},
        *_intake(found.intake, names),
        *_guide(found.talking_points, names),
    ]


def _heart(heart: HeartRateZone, names: ResourceIds) -> Json:
    """The zone as a Range, or the reason why none is shown."""
    code = names.local("heart-rate-zone")
    if heart.high is None:
        return {"code": code, "valueString": f"not shown: {'; '.join(map(str, heart.suppressed))}"}
    low = {} if heart.low is None else {"low": quantity(heart.low, "/min")}
    return {"code": code, "valueRange": {**low, "high": quantity(heart.high, "/min")}}


def _intake(intake: IntakeSummary | None, names: ResourceIds) -> Iterator[Json]:
    """The known parts of the intake profile; the patient's own words stay in the narrative."""
    if intake is None:
        return
    index, ready = intake.routine.index, intake.readiness
    scores = (("change-importance", ready.importance), ("change-confidence", ready.confidence))
    independence = [view.latest for view in intake.patient_views if view.what == "task-independence"]
    coded = (
        ("irritability", intake.behaviour.irritability), ("readiness", ready.stage),
        ("barriers", "; ".join(ready.barriers)),
        ("aggravating", "; ".join(f.what for f in intake.factors if f.what and not f.eases)),
        ("easing", "; ".join(f.what for f in intake.factors if f.what and f.eases)),
        ("task-independence", next(iter(independence), None)),
    )  # fmt: skip
    if index is not None:
        yield {"code": names.local("boom-bust-index"), "valueQuantity": quantity(round(index, 2), "1")}
    for code, score in scores:
        if score is not None:
            yield {"code": names.local(code), "valueQuantity": quantity(score, "{score}")}
    for code, line in coded:
        if line:
            yield {"code": names.local(code), "valueString": line}


def _guide(guide: TalkingPoints, names: ResourceIds) -> Iterator[Json]:
    """The next contact, the stage of the programme, and the steps that are proposed on ladders."""
    if guide.follow_up is not None:
        yield {"code": names.local("next-contact"), "valueDateTime": guide.follow_up.due.isoformat()}
    if guide.stage is not None:
        yield {"code": names.local("programme-stage"), "valueInteger": guide.stage.number}
    for climb in guide.ladders:
        if climb.ready and climb.next is not None:
            yield {"code": names.local(f"ladder-step-{climb.ladder.name}.proposed"), "valueInteger": climb.step + 1}


def _outlook(one: GoalTimeline, names: ResourceIds) -> Iterator[Json]:
    if one.earliest is not None:
        code = names.local(f"{one.exercise}.outlook.earliest-week")
        yield {"code": code, "valueInteger": one.earliest}
    if one.realistic is not None:
        yield {"code": names.local(f"{one.exercise}.outlook.realistic"), "valueBoolean": one.realistic}
