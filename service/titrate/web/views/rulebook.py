"""The mappings in use, what is wrong with the files as they lie there now, and the questionnaires made from them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response

from titrate.fhir.questionnaires import NAMES, questionnaire, questionnaires
from titrate.rulebook import check
from titrate.web.app_context import app_context
from titrate.web.blueprint import Blueprint, reference
from titrate.web.errors import Problem
from titrate.web.json_body import FHIR_JSON, answer
from titrate.web.schemas import MappingProblems

rulebook = Blueprint("rulebook", __name__, url_prefix="/v1", description="Numbers, codes, questionnaires")


@rulebook.at("/mappings")
@rulebook.gives(reference("Mappings"), "The rulebook in use.")
@rulebook.named("mappings")
def mappings() -> Response:
    """Every number with its unit, range, source and grade; every code, exercise, red flag and programme."""
    return answer(asdict(app_context().rules.rulebook))


@rulebook.at("/mappings/problems")
@rulebook.gives(MappingProblems, "Nothing, when the files can be used.")
@rulebook.named("mappingProblems")
def problems() -> dict[str, Any]:
    """Read the mapping files again and list everything that is wrong. What is in use does not change by it."""
    settings = app_context().settings
    return {"problems": [asdict(one) for one in check(settings.mappings, settings.canonical, settings.overrides)]}


@rulebook.at("/questionnaires")
@rulebook.gives(reference("Bundle"), "All questionnaires in a Bundle.", FHIR_JSON)
@rulebook.named("questionnaires")
def all_questionnaires() -> Response:
    """The questionnaires that are read, as FHIR R4, to load into an EHR or an app."""
    rules = app_context().rules
    entries = [
        {"fullUrl": form["url"], "resource": form} for form in questionnaires(rules.rulebook, rules.lookup, rules.site)
    ]
    return answer({"resourceType": "Bundle", "type": "collection", "entry": entries}, media=FHIR_JSON)


@rulebook.at("/questionnaires/<string:name>")
@rulebook.gives(reference("Questionnaire"), "The questionnaire.", FHIR_JSON)
@rulebook.named("questionnaire")
@rulebook.can_fail("not-found")
def one_questionnaire(name: str) -> Response:
    """One questionnaire by its name, such as daily-check-in."""
    if name not in NAMES:
        raise Problem("not-found", f"There are: {', '.join(NAMES)}.")
    rules = app_context().rules
    return answer(questionnaire(name, rules.rulebook, rules.lookup, rules.site), media=FHIR_JSON)
