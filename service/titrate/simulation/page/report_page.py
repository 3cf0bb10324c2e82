"""The whole page of the report: the table by archetype, checks and findings, and dose curves as small drawings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal
from statistics import median

from titrate.clinical.values.rulebook import Rulebook
from titrate.messages.simulation import CohortByKind, CohortIntroduction, CohortJudgeExplained
from titrate.simulation.cohort import CohortSize, CourseMetrics, Row, rows
from titrate.simulation.course import Course
from titrate.simulation.judge import CHECKS, CourseFinding, CourseVerdict
from titrate.simulation.page.html import STYLE, number, signed, table, words
from titrate.simulation.page.weeks import legend, story, strips

HEAD = (
    "Kind",
    "Patients",
    "First dose",
    "Last dose",
    "Change",
    "Rises",
    "Holds",
    "Lighter weeks",
    "Flares",
    "Deloads",
    "Steps back",
    "Stops",
    "Reviews asked",
    "Goal reached",
    "Weeks to goal",
    "Unsafe steps",
)
EXAMPLES = 40
WIDTH, HEIGHT = 360, 170
LEFT, RIGHT, TOP, BOTTOM = 38, 8, 8, 24
MARKS = (0, 4, 8, 13, 20, 26)


def archetype_table(rows: Sequence[Row]) -> str:
    """The table by archetype."""
    return table(HEAD, (_row(row) for row in rows), str(CohortByKind()), "kinds")


def _row(row: Row) -> list[str]:
    unsafe = f'<strong class="{"bad" if row.unsafe else "good"}">{row.unsafe}</strong>'
    return [
        f'<a href="#{row.archetype.name}">{words(row.archetype.title)}</a>',
        str(row.patients),
        number(row.first),
        number(row.last),
        signed(row.change),
        *map(str, astuple(row.counts)),
        f"{row.reached} of {row.patients}",
        number(row.goal_weeks, 0),
        unsafe,
    ]


def checks_table(judged: Mapping[str, int], findings: Sequence[CourseFinding], *, unsafe: bool) -> str:
    """Every check with the number of runs that it judged and of its findings."""
    caption = "Checks for unsafe steps" if unsafe else "Checks for steps worth reviewing, not unsafe by the rules"
    found = {check.name: sum(1 for one in findings if one.check == check.name) for check in CHECKS}
    rows = (
        [words(check.name), words(check.description), str(judged[check.name]), str(found[check.name])]
        for check in CHECKS
        if check.unsafe is unsafe
    )
    return table(("Check", "What it looks for", "Runs judged", "Found"), rows, caption, "checks")


def findings_table(found: Iterable[CourseFinding], *, unsafe: bool) -> str:
    """All unsafe findings; of the others, the first of each check and archetype."""
    selected = [one for one in found if one.unsafe is unsafe]
    if not selected:
        return '<p class="good">None.</p>' if unsafe else "<p>None.</p>"
    shown = selected if unsafe else [one for n, one in enumerate(selected) if _is_first(selected, n)][:EXAMPLES]
    rows = ([words(f.check), words(f.patient), f"week {f.number // 7 + 1}", f.rule, words(f.words)] for f in shown)
    caption = "All of them" if unsafe else "The first of each check and kind of patient"
    return table(("Check", "Patient", "When", "Rule", "What"), rows, caption, "findings")


def _is_first(found: Sequence[CourseFinding], place: int) -> bool:
    this = found[place]
    return all((one.check, one.archetype) != (this.check, this.archetype) for one in found[:place])


def curves(patients: Sequence[CourseMetrics]) -> str:
    """The curves of one archetype: a thin line per patient and a thick one for the median."""
    weeks = len(patients[0].series) - 1
    top = max((amount for one in patients for amount in one.series if amount is not None), default=Decimal(1))
    top = max(Decimal(5), (top / 5).to_integral_value(rounding="ROUND_CEILING") * 5)
    title = f"{patients[0].archetype.title}: minutes of walking a session, week by week"
    lines = "".join(f'<path class="one" d="{_path(one.series, top)}"/>' for one in patients)
    middle = f'<path class="middle" d="{_path(_middle(patients), top)}"/>'
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{words(title)}">'
        f"<title>{words(title)}</title>"
        f"{_axes(weeks, top)}{lines}{middle}</svg><figcaption>{_medians(patients)}</figcaption></figure>\n"
    )


def _middle(patients: Sequence[CourseMetrics]) -> list[Decimal | None]:
    """The weekly median over patients with a dose."""
    weeks = zip(*(one.series for one in patients), strict=True)
    return [Decimal(median(known)) if (known := [v for v in week if v is not None]) else None for week in weeks]


def _path(series: Sequence[Decimal | None], top: Decimal) -> str:
    """Steps from week to week, with a gap for weeks without a dose."""
    parts, drawn = [], False
    for week, amount in enumerate(series):
        if amount is None:
            drawn = False
            continue
        x, y = _x(week, len(series) - 1), _y(amount, top)
        parts.append(f"{'H' + number(x) + 'V' + number(y) if drawn else 'M' + number(x) + ' ' + number(y)}")
        drawn = True
    return "".join(parts)


def _x(week: int, weeks: int) -> Decimal:
    return LEFT + Decimal(WIDTH - LEFT - RIGHT) * week / max(1, weeks)


def _y(amount: Decimal, top: Decimal) -> Decimal:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * amount / top


def _axes(weeks: int, top: Decimal) -> str:
    rows = "".join(
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{number(_y(top * part / 4, top))}" '
        f'y2="{number(_y(top * part / 4, top))}"/>'
        f'<text x="{LEFT - 5}" y="{number(_y(top * part / 4, top) + 4)}" class="end">{number(top * part / 4)}</text>'
        for part in (0, 2, 4)
    )
    marks = "".join(
        f'<text x="{number(_x(week, weeks))}" y="{HEIGHT - 7}" class="mid">{week}</text>'
        for week in MARKS
        if week <= weeks
    )
    return rows + marks


def _medians(patients: Sequence[CourseMetrics]) -> str:
    middle = _middle(patients)
    marks = [week for week in MARKS if week < len(middle)]
    dosed = [sum(1 for one in patients if one.series[week] is not None) for week in marks]
    rows = [
        ["Median, min", *(number(middle[week]) for week in marks)],
        ["With a dose", *(f"{count}/{len(patients)}" for count in dosed)],
    ]
    return table(("Week", *(str(week) for week in marks)), rows, "The same in numbers", "small")


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The content of a report: the size, the metrics and verdict of each patient, and one course per archetype."""

    size: CohortSize
    rulebook: Rulebook
    patients: tuple[CourseMetrics, ...]
    verdicts: tuple[CourseVerdict, ...]
    stories: tuple[Course, ...]

    @property
    def findings(self) -> tuple[CourseFinding, ...]:
        """All findings, in the order of the patients."""
        return tuple(one for verdict in self.verdicts for one in verdict.findings)

    @property
    def unsafe(self) -> int:
        """Number of unsafe steps."""
        return sum(1 for one in self.findings if one.unsafe)

    @property
    def judged(self) -> dict[str, int]:
        """Number of runs that each check judged."""
        total: Counter[str] = Counter()
        for verdict in self.verdicts:
            total.update(verdict.judged)
        return {check.name: total[check.name] for check in CHECKS}


def page(content: ReportContent) -> str:
    """The whole page; equal cohorts give equal bytes."""
    title = f"Virtual cohort, {words(content.rulebook.version)}"
    return "".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
            *_top(content),
            *(_kind(content, course) for course in content.stories),
            "</body>\n</html>\n",
        )
    )


def _top(content: ReportContent) -> Iterator[str]:
    runs = max(content.judged.values(), default=0)
    checks = [check.name for check in CHECKS if check.unsafe]
    yield "<main>\n<h1>Virtual cohort: how the rules treat simulated patients</h1>\n"
    yield f"<p>{words(_introduction(content))}</p>\n"
    yield (
        f'<p class="big"><strong class="{"bad" if content.unsafe else "good"}">{content.unsafe} unsafe steps</strong> '
        f"in {runs} runs, by {len(checks)} checks that made {sum(content.judged[name] for name in checks)} "
        "judgements.</p>\n"
    )
    yield archetype_table(rows(content.patients))
    yield f"<h2>Unsafe steps</h2>\n{findings_table(content.findings, unsafe=True)}"
    yield f"<p>{words(CohortJudgeExplained())}</p>\n"
    yield checks_table(content.judged, content.findings, unsafe=True)
    yield f"<h2>Worth reviewing</h2>\n{checks_table(content.judged, content.findings, unsafe=False)}"
    yield findings_table(content.findings, unsafe=False)
    yield f"<h2>Kind by kind</h2>\n{legend()}</main>\n"


def _introduction(content: ReportContent) -> CohortIntroduction:
    size, rulebook = content.size, content.rulebook
    return CohortIntroduction(
        patients=len(content.patients),
        each=size.patients,
        weeks=size.weeks,
        version=rulebook.version,
        digest=rulebook.digest[:12],
        seed=size.seed,
    )


def _kind(content: ReportContent, course: Course) -> str:
    kind = course.patient.archetype
    patients: Sequence[CourseMetrics] = [one for one in content.patients if one.archetype.name == kind.name]
    return (
        f'<section id="{kind.name}">\n<h2>{words(kind.title)}</h2>\n<p>{words(kind.story)}</p>\n'
        f"{curves(patients)}{strips(patients)}<h3>One of them, run by run</h3>\n{story(course)}</section>\n"
    )
