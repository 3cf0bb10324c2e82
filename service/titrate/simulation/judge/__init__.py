"""A judge of courses that is independent of the rules: every check on every run of every simulated patient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from titrate.clinical.values.rulebook import Rulebook
from titrate.simulation.course import Course
from titrate.simulation.judge import checks_dose, checks_follow_up, checks_increase
from titrate.simulation.judge.observation import CheckFinding, JudgedStep


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a run. A finding of an `unsafe` check makes the run unsafe; others are worth reviewing."""

    name: str
    find: Callable[[JudgedStep], CheckFinding]
    unsafe: bool = True

    @property
    def description(self) -> str:
        """What the check looks for: the docstring of its function."""
        return " ".join((self.find.__doc__ or "").split())


@dataclass(frozen=True, slots=True)
class CourseFinding:
    """What a check found at the run of day `number`."""

    check: str
    unsafe: bool
    patient: str
    archetype: str
    number: int
    rule: str
    words: str


@dataclass(frozen=True, slots=True)
class CourseVerdict:
    """What the judge found in a course, and the number of runs that each check could judge."""

    findings: tuple[CourseFinding, ...]
    judged: dict[str, int]


CHECKS = (
    Check("step too large", checks_increase.too_far),
    Check("several exercises at once", checks_increase.several),
    Check("several variables at once", checks_increase.two_variables),
    Check("too soon after a rise", checks_increase.too_soon),
    Check("rise without data", checks_increase.without_data),
    Check("rise after a gap", checks_increase.after_a_gap),
    Check("rise in a flare", checks_increase.in_a_flare),
    Check("rise in a worse week", checks_increase.worse_week),
    Check("rise after a session not tolerated", checks_increase.not_tolerated),
    Check("rise after crashes", checks_increase.after_exertion),
    Check("rise by a faulty value", checks_increase.wrong_values),
    Check("above a clinician's limit", checks_dose.above_limit),
    Check("dose under a red flag", checks_dose.under_a_flag),
    Check("too much in a flare", checks_dose.full_in_a_flare),
    Check("return above the old dose", checks_dose.above_the_old_dose),
    Check("dose on old data", checks_dose.too_old),
    Check("rise soon after a session not tolerated", checks_follow_up.rise_soon_after, unsafe=False),
    Check("rise against unreported symptoms", checks_follow_up.untold, unsafe=False),
    Check("return in a worse week", checks_follow_up.return_in_a_worse_week, unsafe=False),
    Check("rise on a bad morning", checks_follow_up.on_a_bad_morning, unsafe=False),
    Check("old dose after a long gap", checks_follow_up.as_before_a_gap, unsafe=False),
    Check("new start far above the last dose", checks_follow_up.far_above_the_last, unsafe=False),
    Check("return without progress", checks_follow_up.stuck, unsafe=False),
    Check("flare that does not end", checks_follow_up.unending, unsafe=False),
    Check("dose too small to be useful", checks_follow_up.tiny, unsafe=False),
)


def judge_course(course: Course, rulebook: Rulebook) -> CourseVerdict:
    """Apply every check to every run."""
    findings: list[CourseFinding] = []
    counts = dict.fromkeys((check.name for check in CHECKS), 0)
    for place, step in enumerate(course.steps):
        days = tuple(day for day in course.days if day.number <= step.number)
        judged = JudgedStep(course.patient, rulebook, days, course.steps[:place], step)
        for check in CHECKS:
            found = check.find(judged)
            counts[check.name] += found is not None
            findings += [
                CourseFinding(
                    check.name,
                    check.unsafe,
                    course.patient.id,
                    course.patient.archetype.name,
                    step.number,
                    step.rule,
                    str(message),
                )
                for message in found or ()
            ]
    return CourseVerdict(tuple(findings), counts)
