"""The shape of what is there for talks with the patient: education, ladders, card, tasks, and a programme's pathway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from titrate.clinical.values.education_content import LadderKind
from titrate.clinical.values.plan import Phase
from titrate.rulebook.schemas import FILLED, GRADES, Table, a_number, a_text, some_texts


class SourcedTable(Table):
    """A text with its source and grade."""

    title = a_text()
    source = a_text()
    grade = fields.String(required=True, validate=validate.OneOf(GRADES))


class PhasedTable(SourcedTable):
    """A text that belongs to some phases of a plan."""

    phases = fields.List(fields.String(validate=validate.OneOf([phase.value for phase in Phase])), load_default=list)


class EducationTable(PhasedTable):
    """A talk."""

    text = some_texts(required=True, filled=True)
    ask_back = a_text()
    answer = a_text()


class LadderTable(SourcedTable):
    """A ladder of tasks or positions."""

    kind = fields.Enum(LadderKind, by_value=True, required=True)
    steps = some_texts(required=True, filled=True)
    watched = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    exercises = fields.List(fields.String(validate=FILLED), load_default=list)


class CardTable(PhasedTable):
    """A part of the card."""

    signs = some_texts(required=True)
    act = some_texts(required=True)


class TaskTable(SourcedTable):
    """A task that is done in parts."""

    rest = a_text()


class ExitGateTable(Table):
    """A condition for leaving a stage."""

    text = a_text()
    tolerated = fields.Integer(strict=True, validate=validate.Range(min=1))
    measure = a_text(required=False)
    at_least = a_number()
    at_most = a_number()
    ladder = a_text(required=False)
    step = fields.Integer(strict=True, validate=validate.Range(min=1))
    module = a_text(required=False)

    @validates_schema(skip_on_field_errors=True)
    def one_way(self, data: Mapping[str, Any], **_: Any) -> None:
        """A gate is looked up in one way, and what that way needs is there."""
        if sum(key in data for key in ("tolerated", "measure", "ladder", "module")) > 1:
            raise ValidationError("A gate is looked up in one way: make two gates of it", "text")
        if "measure" in data and not {"at_least", "at_most"} & data.keys():
            raise ValidationError("Say at_least or at_most", "measure")
        if "ladder" in data and "step" not in data:
            raise ValidationError("Say which step", "ladder")


class StageTable(Table):
    """A stage of a programme."""

    name = a_text()
    aim = a_text()
    dose = a_text()
    exit = fields.List(fields.Nested(ExitGateTable), required=True)


class PathwayTable(Table):
    """For whom a programme is, in which stages, with which precautions, and on what evidence."""

    entry = some_texts(required=True, filled=True)
    conditions = some_texts(required=True)
    stages = fields.List(fields.Nested(StageTable), required=True, validate=validate.Length(min=1))
    hard_precautions = some_texts(required=True, filled=True)
    stop_flags = some_texts(required=True, filled=True)
    evidence = some_texts(required=True, filled=True)
    modules = some_texts(required=True, filled=True)
    ladders = some_texts(required=True)


class ProgrammeExerciseTable(Table):
    """An exercise in a programme."""

    exercise = a_text()
    weekly_frequency = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=14))
    sets = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=10))


class ProgrammeTable(PathwayTable):
    """A programme with its texts."""

    name = a_text()
    display = a_text()
    exercises = fields.List(fields.Nested(ProgrammeExerciseTable), required=True, validate=FILLED)
    week = a_text()
    warm_up = a_text()
    cool_down = a_text()
    adjuncts = some_texts(required=True)
    education = some_texts(required=True)
    flare = some_texts(required=True)
    stop = fields.List(fields.String(validate=FILLED), required=True, validate=FILLED)
    outcomes = some_texts(required=True)
    source = a_text()
