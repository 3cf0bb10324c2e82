"""The intake profile as JSON: answers, conclusions, and questions without an answer. No logic."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from titrate.app.report.json_values import PLACES, Json, to_json
from titrate.clinical.insights.clinician_overview import ClinicianOverview
from titrate.clinical.insights.intake_summary import IntakeSummary
from titrate.clinical.values.rulebook import Prompt


def goal_priorities_json(found: ClinicianOverview) -> list[Json]:
    """Goals with their importance, the most important first."""
    return list(_plain(found.goal_priorities))


def techniques_json(found: ClinicianOverview) -> list[Json]:
    """Evasive movements, lost form and tempo by exercise."""
    return list(_plain(found.techniques))


def intake_json(found: IntakeSummary | None) -> Json | None:
    """The profile; null if none of its questions was ever answered."""
    if found is None:
        return None
    behaviour, readiness = found.behaviour, found.readiness
    return {
        "behaviour": {**_plain(behaviour), "prompts": _prompts(behaviour.prompts)},
        "routine": _plain(found.routine),
        "factors": _plain(found.factors),
        "swaps": _plain(found.alternatives),
        "readiness": {**_plain(readiness), "prompts": _prompts(readiness.prompts)},
        "own": _plain(found.patient_views),
        "choices": _plain(found.preferences),
        "unanswered": _plain(found.unanswered),
    }


def _plain(value: object) -> Any:
    return to_json(value, places=PLACES)


def _prompts(prompts: Iterable[Prompt]) -> list[Json]:
    return [{"finding": one.name, "display": one.display, "ask": one.ask, "source": one.source} for one in prompts]
