"""The intake profile as JSON: what was told, what follows, and what is not known. Works nothing out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from titrate.clinical.insights.clinician_overview import ClinicianOverview
from titrate.clinical.insights.intake_summary import IntakeSummary
from titrate.clinical.insights.pain import PainBehaviour
from titrate.clinical.insights.readiness import Readiness
from titrate.clinical.values.rulebook import Prompt
from titrate.messages import Message

Json = dict[str, Any]


def goal_priorities_json(found: ClinicianOverview) -> list[Json]:
    """Goals with their importance, the most important first."""
    return [_plain(asdict(wish)) for wish in found.goal_priorities]


def techniques_json(found: ClinicianOverview) -> list[Json]:
    """Evasive movements, lost form and tempo by exercise."""
    return [_plain(asdict(one)) for one in found.techniques]


def intake_json(found: IntakeSummary | None) -> Json | None:
    """The profile; null where nothing of it was ever answered."""
    if found is None:
        return None
    return {
        "behaviour": _behaviour(found.behaviour),
        "routine": _plain(asdict(found.routine)),
        "factors": [_plain(asdict(one)) for one in found.factors],
        "swaps": [_plain(asdict(one)) for one in found.alternatives],
        "readiness": _readiness(found.readiness),
        "own": [_plain(asdict(one)) for one in found.patient_views],
        "choices": _plain(asdict(found.preferences)),
        "unanswered": list(found.unanswered),
    }


def _behaviour(told: PainBehaviour) -> Json:
    plain: Json = _plain(asdict(told))
    return {**plain, "prompts": _prompts(told.prompts)}


def _readiness(told: Readiness) -> Json:
    plain: Json = _plain(asdict(told))
    return {**plain, "prompts": _prompts(told.prompts)}


def _prompts(prompts: tuple[Prompt, ...]) -> list[Json]:
    return [{"finding": one.name, "display": one.display, "ask": one.ask, "source": one.source} for one in prompts]


def _plain(value: Any) -> Any:
    """Keys in camel case, dates as text, numbers to hundredths."""
    if isinstance(value, dict):
        return {_camel(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Message):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return round(value, 2) if isinstance(value, Decimal) and value != round(value, 2) else value


def _camel(key: str) -> str:
    head, *tail = key.split("_")
    return head + "".join(part.capitalize() for part in tail)
