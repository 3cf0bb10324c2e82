"""Which talk is due (C24): the programme's modules, those of the present phase first, and what was understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.education_content import EducationModule, Pathway


@dataclass(frozen=True, slots=True)
class EducationTopic:
    """One talk: whether it was understood when it was asked back, and the local date of the newest answer."""

    module: EducationModule
    understood: bool
    asked: date | None


def education_topics(picture: ClinicalPicture, pathway: Pathway) -> tuple[EducationTopic, ...]:
    """Every talk of the programme, in the order in which they are due; those that are understood come last."""
    modules = picture.record.rulebook.guidance.modules
    listed = [_lesson(picture, modules[name]) for name in pathway.modules]
    return tuple(sorted(listed, key=lambda one: (one.understood, picture.phase.value not in one.module.phases)))


def _lesson(picture: ClinicalPicture, module: EducationModule) -> EducationTopic:
    record, what = picture.record, f"understood-{module.name}"
    asked = [a.stamp.day for a in record.answered.get(what, ()) if not a.stamp.preliminary]
    return EducationTopic(module, record.stands(what), max(asked, default=None))
