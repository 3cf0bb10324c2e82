"""The rulebook in use, mistakes in the mapping files on disk, and the questionnaires made from the rulebook."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response

from titrate.fhir.questionnaires import NAMES, questionnaire, questionnaires
from titrate.messages import http_errors
from titrate.rulebook import check
from titrate.web.app_context import app_context
from titrate.web.errors import Problem, ProblemType
from titrate.web.json_body import FHIR_JSON, json_response
from titrate.web.openapi import Blueprint, schema_reference
from titrate.web.schemas import MappingProblemsSchema

rulebook = Blueprint("rulebook", __name__, url_prefix="/v1", description="Numbers, codes, questionnaires")


@rulebook.route("/mappings")
@rulebook.response(200, schema_reference("Mappings"), description="The rulebook in use.")
@rulebook.doc(operationId="mappings")
def mappings() -> Response:
    """Every number with its unit, range, source and grade; every code, exercise, red flag and programme."""
    return json_response(asdict(app_context().rules.rulebook))


@rulebook.route("/mappings/problems")
@rulebook.response(200, MappingProblemsSchema, description="An empty list when the files can be used.")
@rulebook.doc(operationId="mappingProblems")
def problems() -> dict[str, Any]:
    """Read the mapping files again and list every mistake. The rulebook in use does not change."""
    settings = app_context().settings
    found = check(settings.mappings, settings.canonical, settings.overrides)
    return {"problems": [asdict(problem) for problem in found]}


@rulebook.route("/questionnaires")
@rulebook.response(
    200, schema_reference("Bundle"), description="All questionnaires in a Bundle.", content_type=FHIR_JSON
)
@rulebook.doc(operationId="questionnaires")
def all_questionnaires() -> Response:
    """The questionnaires that the service reads, as FHIR R4, to load into an EHR or an app."""
    rules = app_context().rules
    entries = [
        {"fullUrl": form["url"], "resource": form} for form in questionnaires(rules.rulebook, rules.lookup, rules.site)
    ]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json_response(bundle, media_type=FHIR_JSON)


@rulebook.route("/questionnaires/<string:name>")
@rulebook.response(200, schema_reference("Questionnaire"), description="The questionnaire.", content_type=FHIR_JSON)
@rulebook.doc(operationId="questionnaire")
@rulebook.problems(ProblemType.NOT_FOUND)
def one_questionnaire(name: str) -> Response:
    """One questionnaire by its name, such as daily-check-in."""
    if name not in NAMES:
        raise Problem(ProblemType.NOT_FOUND, http_errors.HttpQuestionnaireNames(names=tuple(NAMES)))
    rules = app_context().rules
    return json_response(questionnaire(name, rules.rulebook, rules.lookup, rules.site), media_type=FHIR_JSON)
