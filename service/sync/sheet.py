"""From a walk to the patient's sheet of the plan in force, or the reasons why there is none."""

from __future__ import annotations

from service.clinical.goal import CLOSED
from service.clinical.guide import guide_of
from service.clinical.release import withheld
from service.clinical.situation import Situation
from service.clinical.week import laid_out
from service.fhir.composing.state import instruction_of
from service.fhir.identity import plain_number
from service.fhir.narrative.card import Numbers
from service.fhir.narrative.section import Section
from service.fhir.narrative.sheet import Sheet, sheet_sections
from service.sync.corridor import Rules, Walked


class NoSheet(Exception):
    """The patient may not be given a sheet. The message is for the clinician and holds nothing of the patient."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons))


def sheet_of(walked: Walked, rules: Rules) -> tuple[Section, ...]:
    """The sheet of the plan in force. A draft is never in it. Raises `NoSheet`."""
    situation, decision = walked.result.situation, walked.result.decision
    reasons = withheld(situation, decision)
    if reasons:
        raise NoSheet(reasons)
    programme = rules.rulebook.programmes[rules.programme]
    plan = walked.plan
    week = laid_out(situation, {e.exercise: e.dose for e in plan.exercises}, plan.exercises, programme)
    options = week.options if week else ()
    heart = situation.limits.heart_rate
    sheet = Sheet(
        plan=plan,
        rulebook=rules.rulebook,
        programme=programme,
        numbers=Numbers(situation.limits.ceiling.value, situation.limits.rpe_cap.value, situation.usual.pain),
        heart_rate=None if heart is None else plain_number(heart.value),
        options=options,
        guide=guide_of(situation, decision, programme, options),
        goals=_goals(situation),
        instructions={e.exercise: words for e in plan.exercises if (words := instruction_of(plan, e.exercise))},
    )
    return sheet_sections(sheet)


def _goals(situation: Situation) -> tuple[str, ...]:
    """Open goals of the patient's own; what we wrote about taking part is no wish of theirs."""
    wished = (g.text for g in situation.record.goals if not g.ours and g.status not in CLOSED and g.text)
    return tuple(dict.fromkeys(wished))
