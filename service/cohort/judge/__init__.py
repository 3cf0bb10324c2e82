"""A judge of courses who does not ask the rules: every run of every person, each check by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.clinical.rulebook import Rulebook
from service.cohort.course import Course
from service.cohort.judge import rising, standing, watching
from service.cohort.judge.rising import Found
from service.cohort.judge.seen import Seen


@dataclass(frozen=True, slots=True)
class Check:
    """One question about a run. `unsafe`: an answer makes the run unsafe; else it is worth a look."""

    name: str
    asks: Callable[[Seen], Found]
    unsafe: bool = True

    @property
    def says(self) -> str:
        """What it looks for, in words."""
        return " ".join((self.asks.__doc__ or "").split())


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found at a run."""

    check: str
    unsafe: bool
    person: str
    archetype: str
    number: int
    rule: str
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge found in a course, and how many runs each check had something to judge at."""

    findings: tuple[Finding, ...]
    judged: dict[str, int]


CHECKS = (
    Check("step too large", rising.too_far),
    Check("several exercises at once", rising.several),
    Check("several variables at once", rising.two_variables),
    Check("too soon after a rise", rising.too_soon),
    Check("rise without data", rising.without_data),
    Check("rise after a gap", rising.after_a_gap),
    Check("rise in a flare", rising.in_a_flare),
    Check("rise in a worse week", rising.worse_week),
    Check("rise after a session not borne", rising.not_borne),
    Check("rise after crashes", rising.after_exertion),
    Check("rise by a wrong value", rising.wrong_values),
    Check("above a clinician's limit", standing.above_limit),
    Check("dose under a red flag", standing.under_a_flag),
    Check("too much in a flare", standing.full_in_a_flare),
    Check("return above the old dose", standing.above_the_old_dose),
    Check("dose on old data", standing.too_old),
    Check("rise soon after a session not borne", watching.rise_soon_after, unsafe=False),
    Check("rise against what was not told", watching.untold, unsafe=False),
    Check("return in a worse week", watching.return_in_a_worse_week, unsafe=False),
    Check("rise on a bad morning", watching.on_a_bad_morning, unsafe=False),
    Check("old dose after a long gap", watching.as_before_a_gap, unsafe=False),
    Check("new start far above the last dose", watching.far_above_the_last, unsafe=False),
    Check("return that goes nowhere", watching.stuck, unsafe=False),
    Check("flare that does not end", watching.unending, unsafe=False),
    Check("dose that hardly is one", watching.tiny, unsafe=False),
)


def judged(course: Course, rulebook: Rulebook) -> Verdict:
    """Every run through every check."""
    findings: list[Finding] = []
    counts = dict.fromkeys((check.name for check in CHECKS), 0)
    for place, step in enumerate(course.steps):
        days = tuple(day for day in course.days if day.number <= step.number)
        seen = Seen(course.person, rulebook, days, course.steps[:place], step)
        for check in CHECKS:
            found = check.asks(seen)
            counts[check.name] += found is not None
            findings += [
                Finding(
                    check.name,
                    check.unsafe,
                    course.person.id,
                    course.person.archetype.name,
                    step.number,
                    step.rule,
                    words,
                )
                for words in found or ()
            ]
    return Verdict(tuple(findings), counts)
