"""The questionnaires that a site can give to its patients, as FHIR resources made from the mappings."""

from __future__ import annotations

from titrate.fhir.questionnaires.forms import NAMES, questionnaire, questionnaires

__all__ = ["NAMES", "questionnaire", "questionnaires"]
