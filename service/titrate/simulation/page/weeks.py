"""One person run by run: what was decided, on what, what the clinician did, and which dose stood then."""

from __future__ import annotations

from collections.abc import Mapping

from titrate.clinical.values.plan import Dose
from titrate.simulation.course import Course
from titrate.simulation.course_step import Step
from titrate.simulation.page.html import number, table, words

LONGEST = 180


def story(course: Course) -> str:
    """The runs of one person as a table."""
    person = course.person
    tolerance = ", ".join(f"{code} {number(amount)}" for code, amount in person.tolerance.items())
    caption = (
        f"Person {person.number:02}: usual pain {person.usual_pain}, usual fatigue {person.usual_fatigue}, "
        f"first tolerance {tolerance}, goal {number(person.goal)} min of walking."
    )
    head = ("Week", "Day", "Mornings", "Rule", "Decision", "Because", "Clinician", "Dose then")
    return table(head, (_row(course, step) for step in course.steps), caption, "weeks")


def _row(course: Course, step: Step) -> list[str]:
    because = "; ".join((*step.reasons, *step.notes))
    short = because if len(because) <= LONGEST else because[:LONGEST].rsplit(" ", 1)[0] + " …"
    done = step.answer + (f": {'; '.join(step.why)}" if step.pending and step.why else "")
    done = "; ".join(part for part in (done, f"sets the phase {step.moved}" if step.moved else "") if part)
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


def _mornings(course: Course, step: Step) -> str:
    """The pain of the last seven mornings; a dot where none was told."""
    days = [day for day in course.days if step.number - 7 < day.number <= step.number]
    return "&#8239;".join(str(day.pain) if day.logged else "·" for day in days)


def doses(found: Mapping[str, Dose]) -> str:
    """Doses in words."""
    said = [f"{code} {_amount(dose)}" for code, dose in found.items()]
    return ", ".join(said) or "no session target"


def _amount(dose: Dose) -> str:
    if dose.sets is None:
        return f"{number(dose.amount)} {dose.unit}"
    return f"{dose.sets} × {number(dose.amount / dose.sets)}"
