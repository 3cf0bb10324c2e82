"""Education topics that are due (C24): the modules of the programme, and whether the patient understood them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.education_content import EducationModule, Pathway


@dataclass(frozen=True, slots=True)
class EducationTopic:
    """One education module: whether the teach-back was understood, and the local date of the newest teach-back."""

    module: EducationModule
    understood: bool
    teach_back: date | None


def education_topics(picture: ClinicalPicture, pathway: Pathway) -> tuple[EducationTopic, ...]:
    """The modules of the programme in the order in which they are due: current phase first, understood ones last."""
    modules = picture.record.rulebook.guidance.modules
    topics = [_topic(picture, modules[name]) for name in pathway.modules]
    return tuple(sorted(topics, key=lambda topic: (topic.understood, picture.phase.value not in topic.module.phases)))


def _topic(picture: ClinicalPicture, module: EducationModule) -> EducationTopic:
    record, question = picture.record, f"understood-{module.name}"
    answered = [a.stamp.day for a in record.answered.get(question, ()) if not a.stamp.preliminary]
    return EducationTopic(module, record.is_confirmed(question), max(answered, default=None))
