"""Tables of runs: all decisions by week, and one patient run by run with decision, reasons, answer and dose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from titrate.clinical.values.plan import Dose
from titrate.messages.simulation import CourseCaption, CourseTolerance
from titrate.simulation.cohort import CourseMetrics
from titrate.simulation.course import Course
from titrate.simulation.course_state import CourseStep
from titrate.simulation.page.html import number, table, words

LONGEST = 180


def story(course: Course) -> str:
    """The runs of one patient as a table."""
    patient = course.patient
    caption = CourseCaption(
        number=f"{patient.number:02}",
        pain=patient.usual_pain,
        fatigue=patient.usual_fatigue,
        tolerance=tuple(
            CourseTolerance(exercise=code, amount=number(amount)) for code, amount in patient.tolerance.items()
        ),
        goal=number(patient.goal),
    )
    head = ("Week", "Day", "Mornings", "Rule", "Decision", "Because", "Clinician", "Dose then")
    return table(head, (_row(course, step) for step in course.steps), str(caption), "weeks")


def _row(course: Course, step: CourseStep) -> list[str]:
    because = "; ".join((*step.reasons, *step.notes))
    short = because if len(because) <= LONGEST else because[:LONGEST].rsplit(" ", 1)[0] + " …"
    done = step.answer + (f": {'; '.join(step.why)}" if step.pending and step.why else "")
    done = "; ".join(part for part in (done, f"sets the phase {step.phase_set}" if step.phase_set else "") if part)
    return [
        str(max(0, step.number // 7 + 1)),
        step.day.isoformat(),
        _mornings(course, step),
        step.rule,
        words(step.outcome.lower().replace("_", " ")),
        words(short),
        words(done or "nothing to approve"),
        words(doses(step.after)),
    ]


def _mornings(course: Course, step: CourseStep) -> str:
    """Pain of the last seven mornings; a dot for a morning without a report."""
    days = [day for day in course.days if step.number - 7 < day.number <= step.number]
    return "&#8239;".join(str(day.pain) if day.logged else "·" for day in days)


def doses(found: Mapping[str, Dose]) -> str:
    """Doses as text."""
    texts = [f"{code} {_amount(dose)}" for code, dose in found.items()]
    return ", ".join(texts) or "no session target"


def _amount(dose: Dose) -> str:
    if dose.sets is None:
        return f"{number(dose.amount)} {dose.unit}"
    return f"{dose.sets} × {number(dose.amount / dose.sets)}"


DECISIONS = {
    "B": "baseline",
    "P": "progress",
    "H": "hold",
    "I": "too little data",
    "V": "hold and review",
    "L": "lighter week",
    "E": "end of the lighter week",
    "F": "flare",
    "R": "return to load",
    "D": "deload",
    "G": "step back after a gap",
    "S": "stop, red flag",
}


def legend() -> str:
    """The meaning of the letters and colours."""
    cells = "".join(f'<li><span class="w {key}">{key}</span> {words(text)}</li>' for key, text in DECISIONS.items())
    return f'<ul class="legend">{cells}</ul>\n'


def strips(patients: Sequence[CourseMetrics]) -> str:
    """One row per patient."""
    weeks = len(patients[0].letters)
    rows = ([words(one.patient.rpartition("-")[2]), *(_cell(letter) for letter in one.letters)] for one in patients)
    return table(("Patient", *(str(week + 1) for week in range(weeks))), rows, "Decisions by week", "strip")


def _cell(letter: str) -> str:
    if not letter:
        return ""
    return f'<span class="w {letter}" title="{words(DECISIONS.get(letter, letter))}">{letter}</span>'
