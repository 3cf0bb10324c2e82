"""What a reader is shown beside the decision: timeline, heart rate, outcomes, profile, week. It decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from titrate.clinical.insights.adherence import Adherence, Cues, Diary, Pacing, adherence, cues, diary, pacing
from titrate.clinical.insights.goal_priorities import Wish, wishes_of
from titrate.clinical.insights.goal_timeline import Outlook, outlooks
from titrate.clinical.insights.heart_rate_zone import HeartGuide, heart_guide
from titrate.clinical.insights.intake import Capability, Factor, PainProfile, capabilities, factors, pain_profile
from titrate.clinical.insights.intake_summary import Interview, interview_of
from titrate.clinical.insights.outcome_measures import Change, changes_of
from titrate.clinical.insights.psychosocial_effects import Effect, effects_of
from titrate.clinical.insights.talking_points import Guide, guide_of
from titrate.clinical.insights.technique import Technique, techniques_of
from titrate.clinical.insights.week_template import WeekPlan, week_plan
from titrate.clinical.picture.clinical_picture import Situation
from titrate.clinical.rules.baseline import baseline_exercises
from titrate.clinical.values.decision import Decision, Outcome
from titrate.clinical.values.rulebook import Programme


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything for readers, worked out from one situation and its decision."""

    outlooks: tuple[Outlook, ...]
    heart: HeartGuide
    changes: tuple[Change, ...]
    effects: tuple[Effect, ...]
    capabilities: tuple[Capability, ...]
    pain: PainProfile
    factors: tuple[Factor, ...]
    adherence: tuple[Adherence, ...]
    diary: Diary
    pacing: Pacing
    cues: Cues
    week: WeekPlan | None
    wishes: tuple[Wish, ...]
    techniques: tuple[Technique, ...]
    interview: Interview | None
    guide: Guide


def overview_of(situation: Situation, decision: Decision, programme: Programme) -> Overview:
    """The overview of an eligible patient. Pure: the same arguments give the same values."""
    record, states = situation.record, baseline_exercises(situation, programme)
    week = week_plan(situation, decision, states, programme)
    return Overview(
        outlooks=outlooks(situation, decision, states),
        heart=heart_guide(situation, decision.phase, stopped=decision.outcome is Outcome.STOP_ESCALATE),
        changes=changes_of(record),
        effects=effects_of(situation),
        capabilities=capabilities(record),
        pain=pain_profile(situation),
        factors=factors(situation),
        adherence=adherence(situation),
        diary=diary(situation),
        pacing=pacing(situation),
        cues=cues(record),
        week=week,
        wishes=wishes_of(record),
        techniques=techniques_of(record),
        interview=interview_of(situation, decision, states),
        guide=guide_of(situation, decision, programme, week.options if week else ()),
    )
