"""H04, H11: forms of other publishers and copies of the service's, added to a course that would progress."""

from __future__ import annotations

import pytest

from tests.fhir.read.sample_resources import LOINC, SITE, Resource, form, item, mapped, observation
from tests.fhir.read.test_form_identity import FULL, SHORT
from tests.fhir.read.test_form_scores import ELSEWHERE, ITEMS, phq
from tests.hazards.test_faulty_records import NO, YES, YESTERDAY, with_these
from titrate.app.pipeline import PipelineResult
from titrate.fhir.questionnaires import questionnaire

RISES = "D10"


def with_form(made: Resource, *others: Resource) -> PipelineResult:
    """The pipeline result with a form of yesterday."""
    return with_these(made | {"authored": YESTERDAY}, *others)


def rule(made: Resource, *others: Resource) -> str:
    """The rule that decides with this form."""
    return with_form(made, *others).evaluation.decision.rule


@pytest.mark.parametrize(("digits", "flags"), [("000000000", []), ("000000001", ["rf19"]), ("--------1", ["rf19"])])
def test_item_9_in_any_form_opens_the_flag(digits: str, flags: list[str]) -> None:
    """From 1, also alone; a 0 opens nothing."""
    result = with_form(phq(digits))
    assert [one.flag for one in result.evaluation.flags] == flags
    assert result.evaluation.decision.rule == ("D1" if flags else RISES)


@pytest.mark.parametrize(
    ("digits", "holds"),
    [
        ("222111000", False), ("222211000", True), ("22211100-", True), ("2222110--", True), ("221110---", False),
        ("22222----", True),
    ],
)  # fmt: skip
def test_the_total_of_any_form_holds(digits: str, holds: bool) -> None:
    """From 10, with the mean for up to two missing items; without a score by what the total is at least."""
    assert (rule(phq(digits)) != RISES) is holds


@pytest.mark.parametrize("reported", [4, 20])
def test_of_two_totals_the_higher_holds(reported: int) -> None:
    """The other, an hour later or earlier, releases nothing."""
    items, total = phq("222211000" if reported == 4 else "111100000"), {"valueInteger": reported}
    for effective in (YESTERDAY, YESTERDAY.replace(":00:00", ":30:00", 1)):
        assert rule(items, observation("44261-6", LOINC, effectiveDateTime=effective, **total)) != RISES


@pytest.mark.parametrize("at", range(len(ITEMS)))
@pytest.mark.parametrize("change", [{"valueInteger": 9}, {"valueString": "?"}, {"valueInteger": "2"}])
def test_a_broken_answer_releases_nothing(at: int, change: Resource) -> None:
    """A form that holds still holds with any one of its answers unreadable."""
    made = phq("331300000")
    assert rule(made) != RISES
    made["item"][at]["answer"] = [change]
    assert rule(made) != RISES


@pytest.mark.parametrize(
    "made",
    [
        form("x", *(item(f"/{n}-1", {"valueInteger": 3}) for n in range(9)), questionnaire=ELSEWHERE),
        form("x", item("smoker", YES), item("alcohol", {"valueString": "daily"}), questionnaire=ELSEWHERE),
        form("x", questionnaire=None),
        phq("11"),
        phq("11-------"),
        phq("000000000", added=[item("/69722-7", {"valueInteger": 3})]),
    ],
)
def test_forms_without_a_finding_hold_nothing(made: Resource) -> None:
    """Other specialties' questionnaires are counted as not mapped."""
    assert rule(made) == RISES


@pytest.mark.parametrize("links", [SHORT, FULL], ids=["short", "full"])
def test_a_copy_of_a_screen(links: tuple[str, ...]) -> None:
    """Known by its origin, or by its linkIds alone, it is the screen."""
    name = "safety-screen-short" if links == SHORT else "safety-screen-full"
    copy = {
        **questionnaire(name, *mapped(), SITE),
        "id": "7",
        "url": ELSEWHERE,
        "derivedFrom": [SITE.questionnaire(name)],
    }
    for others in ((), (copy,)):
        assert rule(form(name, *(item(link, NO) for link in links), questionnaire=ELSEWHERE), *others) == RISES
        yes = form(name, *(item(link, YES if link == "rf09" else NO) for link in links), questionnaire=ELSEWHERE)
        assert rule(yes, *others) == "D1"


def test_most_of_a_screen() -> None:
    """Its no answers nothing: the screen is asked for again."""
    items = [item(link, NO) for link in SHORT[:-1]]
    assert rule(form("x", *items, questionnaire=ELSEWHERE)) == "D7"
