"""The schemas of education, ladders, card, tasks and programmes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from titrate.clinical.values.education_content import LadderKind
from titrate.clinical.values.plan import Phase
from titrate.messages.rulebook_tables import ExitConditionAmbiguous, ExitLimitRequired, ExitStepRequired
from titrate.rulebook.schemas import FILLED, GRADES, TableSchema, number_field, text_field, text_list


class SourcedTable(TableSchema):
    """A text with its source and grade."""

    title = text_field()
    source = text_field()
    grade = fields.String(required=True, validate=validate.OneOf(GRADES))


class PhasedTable(SourcedTable):
    """A text for some phases of a plan; without phases, for all."""

    phases = fields.List(fields.String(validate=validate.OneOf([phase.value for phase in Phase])), load_default=list)


class EducationTable(PhasedTable):
    """An education module."""

    text = text_list(required=True, filled=True)
    ask_back = text_field()
    answer = text_field()


class LadderTable(SourcedTable):
    """A ladder of tasks or positions."""

    kind = fields.Enum(LadderKind, by_value=True, required=True)
    steps = text_list(required=True, filled=True)
    watched = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    exercises = fields.List(fields.String(validate=FILLED), load_default=list)


class CardTable(PhasedTable):
    """A part of the patient's card."""

    signs = text_list(required=True)
    act = text_list(required=True)


class TaskTable(SourcedTable):
    """A daily task that is paced in chunks."""

    rest = text_field()


class ExitGateTable(TableSchema):
    """A condition for the exit from a stage."""

    text = text_field()
    tolerated = fields.Integer(strict=True, validate=validate.Range(min=1))
    measure = text_field(required=False)
    at_least = number_field()
    at_most = number_field()
    ladder = text_field(required=False)
    step = fields.Integer(strict=True, validate=validate.Range(min=1))
    module = text_field(required=False)

    @validates_schema(skip_on_field_errors=True)
    def one_condition(self, data: Mapping[str, Any], **_: Any) -> None:
        """A gate has at most one condition, with the keys that it needs."""
        if sum(key in data for key in ("tolerated", "measure", "ladder", "module")) > 1:
            raise ValidationError(str(ExitConditionAmbiguous()), "text")
        if "measure" in data and not {"at_least", "at_most"} & data.keys():
            raise ValidationError(str(ExitLimitRequired()), "measure")
        if "ladder" in data and "step" not in data:
            raise ValidationError(str(ExitStepRequired()), "ladder")


class StageTable(TableSchema):
    """A stage of a programme."""

    name = text_field()
    aim = text_field()
    dose = text_field()
    exit = fields.List(fields.Nested(ExitGateTable), required=True)


class ProgrammeExerciseTable(TableSchema):
    """An exercise in a programme."""

    exercise = text_field()
    weekly_frequency = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=14))
    sets = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=10))


class ProgrammeTable(TableSchema):
    """A programme: its exercises, its texts, and its pathway of entry criteria, stages, precautions and evidence."""

    name = text_field()
    display = text_field()
    exercises = fields.List(fields.Nested(ProgrammeExerciseTable), required=True, validate=FILLED)
    week = text_field()
    warm_up = text_field()
    cool_down = text_field()
    adjuncts = text_list(required=True)
    education = text_list(required=True)
    flare = text_list(required=True)
    stop = text_list(required=True, filled=True)
    outcomes = text_list(required=True)
    source = text_field()
    entry = text_list(required=True, filled=True)
    conditions = text_list(required=True)
    stages = fields.List(fields.Nested(StageTable), required=True, validate=validate.Length(min=1))
    hard_precautions = text_list(required=True, filled=True)
    stop_flags = text_list(required=True, filled=True)
    evidence = text_list(required=True, filled=True)
    modules = text_list(required=True, filled=True)
    ladders = text_list(required=True)
