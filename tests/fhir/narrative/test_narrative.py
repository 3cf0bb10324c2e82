"""The prose: complete, escaped, and without numbers of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

from tests.fhir.example import ASSESSMENT, AT, DECISION, IN_FORCE, MORNING, compared, minutes, proposal, stopped
from titrate.clinical.rules.gates.gate_table import GATES
from titrate.clinical.values.decision import Flag, Gate, Outcome
from titrate.clinical.values.plan import EditedElement, Override, Phase
from titrate.clinical.values.rulebook import Urgency
from titrate.fhir.narrative.clinician_sections import clinician_sections, explain, headline
from titrate.fhir.narrative.labels import OUTCOMES, PHASES
from titrate.fhir.narrative.section import Section, div
from titrate.messages.decisions import CheckInItems, NoIncreaseSince
from titrate.messages.plan_terms import Stated
from titrate.messages.record import NoDailyLog, NoSession, SessionReportsDiffer
from titrate.messages.red_flags import NewMedicine, ScreenAnsweredYes

NUMBER = re.compile(r"\d+(?:\.\d+)?")


def parsed(shown: str) -> ElementTree.Element:
    """The narrative as XML; it was written by the service, so a plain parser is safe."""
    return ElementTree.fromstring(shown)  # noqa: S314


def section(title: str) -> Section:
    """One section of the example's prose."""
    return next(item for item in clinician_sections(proposal()) if str(item.title) == title)


def test_a_clinician_needs_no_other_source() -> None:
    """Draft banner, decision, doses before and after, reasons, gates, limits, contingency, sources."""
    words = explain(proposal())
    for part in (
        "Nothing in it is in force until a clinician approves it",
        "one exercise goes up one step",
        "15 min",
        "16 min",
        "3 x 10 @ 40 kg",
        "All gates pass for walking",
        "G4, recent sessions",
        "from Practitioner/p on 2025-01-04",
        "On a bad day do half",
        "Stop with chest pain",
        "Records that could not be used: 2",
        "Rulebook 2025.1",
    ):
        assert part in words


def test_every_number_of_the_reasons_is_in_the_trace() -> None:
    """The prose calculates nothing."""
    why = section("Why")
    traced = {
        number
        for entry in DECISION.trace
        for part in (str(entry.text), entry.value, entry.limit)
        for number in NUMBER.findall(part or "")
    }
    assert {number for line in (*why.sentences, *why.items) for number in NUMBER.findall(str(line))} <= traced


def test_all_text_is_escaped() -> None:
    """Markup in a text is shown as text, and characters that XML forbids are removed."""
    evil = '<script>alert("x")</script> & \x0b done'
    message = NewMedicine(group=evil)
    run = proposal(assessment=replace(ASSESSMENT, missing=(message,), conflicts=(message,)))
    shown = div(clinician_sections(run))
    assert "<script" not in shown
    assert 'alert("x")' in "".join(parsed(shown).itertext())
    assert "\x0b" not in shown + explain(run)


def test_only_tags_that_a_narrative_may_contain() -> None:
    """Plain structure: no styles, links, images or scripts."""
    tags = {element.tag.split("}")[1] for element in parsed(div(clinician_sections(proposal()))).iter()}
    assert tags <= {"div", "h2", "p", "b", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}


def test_a_red_flag_comes_first_and_stops_exercise() -> None:
    """The flag comes directly under the banner, with the rulebook's action."""
    flag = Flag("RF01", Urgency.E0, AT, (MORNING,), ScreenAnsweredYes())
    words = explain(stopped((flag,)))
    assert words.index("RF01, cauda equina signs (E0, emergency now)") < words.index("Decision")
    assert "Needs assessment now" in words
    assert "No exercise is prescribed." in words


def test_without_a_dose_there_is_no_advice_for_exercise() -> None:
    """A stop, and a plan without a dose, have only the advice on when to get help."""
    flag = Flag("rf01", Urgency.E0, AT, (MORNING,), ScreenAnsweredYes())
    nothing = replace(proposal().prescription, exercises=())
    for run in (stopped((flag,)), proposal(prescription=nothing)):
        words = explain(run)
        assert "Stop with chest pain" in words
        assert "Five calm minutes daily" not in words
        assert "On a bad day do half" not in words


def test_a_hold_shows_the_failing_gate_with_its_numbers() -> None:
    """From the trace of the exercise, next to the requirement of the gate."""
    entry = compared("G4", "last 3 sessions tolerated", "2 >= 3", "1", "leg-press", held=False)
    hold = replace(DECISION, rule="D11", outcome=Outcome.HOLD, trace=(*DECISION.trace, entry))
    words = explain(proposal(decision=hold))
    named = "G4, recent sessions at this dose all tolerated"
    assert f"Leg press, {named}: last 3 sessions tolerated: 2 (at least 3)" in words
    assert words.count(named) == 2


def test_a_factor_has_no_unit() -> None:
    """The multiplied amount has the unit, and a bound keeps it."""
    mean = compared("B4", "mean of the trials", "10.33 x 0.70", "min", "walking")
    words = explain(proposal(decision=replace(DECISION, trace=(*DECISION.trace, mean))))
    assert "Walking, B4, start doses and cautious profile: mean of the trials: 10.33 min, times 0.70" in words
    assert "Walking, D10, progress: Step of 10 % rounded down: 1 (at most 3 min)" in words


def test_a_hold_without_a_step_shows_why() -> None:
    """If every gate passes the reason is the step itself; with a failing gate it is left out."""
    walk, press = DECISION.candidates
    entry = compared("B2", "no step", "22 <= 21", "min", "walking", held=False)
    entries = (entry, replace(entry, exercise="leg-press"))
    hold = replace(
        DECISION,
        rule="D11",
        outcome=Outcome.HOLD,
        trace=entries,
        candidates=(replace(walk, step=None, eligible=False), press),
    )
    words = explain(proposal(decision=hold))
    assert "Walking, B2, size of a step: no step: 22 (at most 21 min)" in words
    assert "Leg press, B2" not in words


def test_a_hold_that_lowers_a_dose_has_its_own_headline() -> None:
    """A limit can lower a dose although no rule does."""
    hold = replace(DECISION, rule="D11", outcome=Outcome.HOLD)
    same = tuple(replace(change, next=change.current) for change in DECISION.doses)
    fell = (replace(same[0], next=minutes("12")), same[1])
    assert str(headline(proposal(decision=replace(hold, doses=same)))) == "Hold: the dose stays as it is."
    lowered = headline(proposal(decision=replace(hold, doses=fell)))
    assert str(lowered) == "Hold: no increase, and a dose is lowered (see Why)."


def test_missing_data_appear_once_and_reviews_on_their_own() -> None:
    """A check-in that names the missing data replaces them; reviews by a clinician have their own heading."""
    lacking, review = (NoDailyLog(), NoSession()), NoIncreaseSince(since=date(2025, 1, 4))
    conflict = SessionReportsDiffer(exercise="walking", day=AT.date())
    check_in, again = CheckInItems(items=lacking), Stated(words="ask again: CSI")
    run = proposal(
        decision=replace(DECISION, asks=(check_in, review, again), reviews=(review,)),
        assessment=replace(ASSESSMENT, missing=lacking, conflicts=(conflict,)),
    )
    found = {str(item.title): tuple(map(str, item.items)) for item in clinician_sections(run)}
    assert found["What is missing"] == (f"Reports disagree: {conflict}", str(check_in), "ask again: CSI")
    assert found["For review"] == (str(review),)
    assert explain(run).count("no session recorded") == 1


def test_a_plan_that_stays_is_not_called_a_draft() -> None:
    """On the command line a hold has the same reasons under another heading."""
    assert "This is a draft" not in explain(proposal(), drafted=False)
    assert "NO NEW DRAFT" in explain(proposal(), drafted=False)


def test_notes_missing_data_and_edits_appear() -> None:
    """Everything that an approver must know before approving."""
    change = Override("ServiceRequest/w", EditedElement.DOSE, "15 min", "12 min", "walking")
    run = proposal(
        plan=replace(IN_FORCE, overrides=(change,), other_plans=("CarePlan/else",)),
        decision=replace(
            DECISION,
            notes=("SCREEN_OUTSTANDING",),
            review=True,
            asks=(Stated(words="Please fill in the screen."),),
            matched=("D10", "D12"),
        ),
        assessment=replace(ASSESSMENT, missing=(NoSession(),)),
    )
    words = explain(run)
    for part in (
        "Do not approve this draft",
        "should review the whole plan",
        "Please fill in the screen.",
        "- no session recorded",
        "dose was 15 min; an author changed it to 12 min",
        "CarePlan/else",
        "Other rules that matched: D12, clinician review.",
    ):
        assert part in words


def test_every_outcome_phase_and_gate_has_words() -> None:
    """Readers see no code without its meaning."""
    assert set(OUTCOMES) == set(Outcome)
    assert set(PHASES) == set(Phase)
    assert set(GATES) == {f"G{number}" for number in range(1, 15)}
    assert Gate.FAIL.value == "fail"
