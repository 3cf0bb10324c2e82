"""How often random courses reach each rule: `python -m tests.courses.reach [EXAMPLES]`."""

from __future__ import annotations

import sys
from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings

from tests.courses.examples import Course
from tests.courses.rulebook import rulebook
from tests.courses.strategies import courses
from tests.second_evaluator.evaluate import evaluate


def reached(examples: int) -> Counter[str]:
    """Rules that decided, or only matched (`+`), in this number of random courses, always the same ones."""
    counts: Counter[str] = Counter()
    book = rulebook()

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(courses())
    def look(course: Course) -> None:
        result = evaluate(*course, book)
        counts[result.rule] += 1
        counts[f"phase {course[1].phase}"] += 1
        counts.update(f"+{rule}" for rule in result.matched[1:])
        counts.update(f"note {note}" for note in result.notes)
        counts["a dose rises"] += any(
            state.dose and (new := result.next[state.exercise]) and new.amount > state.dose.amount
            for state in course[1].exercises
        )

    look()
    return counts


if __name__ == "__main__":
    for name, count in sorted(reached(int(sys.argv[1]) if len(sys.argv) > 1 else 2000).items()):
        sys.stdout.write(f"{name:28} {count}\n")
