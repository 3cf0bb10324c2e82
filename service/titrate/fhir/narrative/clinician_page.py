"""What the prose says. Every number in the reasons comes from the decision's trace; nothing is worked out here."""

from __future__ import annotations

from titrate.clinical.values.decision import Flag, LimitUsed, Outcome
from titrate.fhir.doses import dose_words
from titrate.fhir.evidence import deciding_sources, source_words
from titrate.fhir.identifiers import plain_number
from titrate.fhir.narrative.intake import intake_sections
from titrate.fhir.narrative.patient_profile import profile_sections
from titrate.fhir.narrative.phrases import DRAFTED, LIMITS, LOWERED, NOTES, OUTCOMES, PHASES, STANDING
from titrate.fhir.narrative.plan_differences import differences, proposed_version, version_in_force
from titrate.fhir.narrative.progress_sections import outlook_sections, progress_sections
from titrate.fhir.narrative.reasons import gate_section, name_of, reason_section
from titrate.fhir.narrative.section import Section, Table
from titrate.fhir.narrative.talking_points import talking_point_sections
from titrate.fhir.plan_proposal import PlanProposal

# Sources that the prose names; the trace names all.
SHOWN = 5


def headline(proposal: PlanProposal) -> str:
    """The decision in a sentence. A hold says that the dose stays only where it does: a limit may lower it."""
    decision = proposal.decision
    lowers = decision.outcome is Outcome.HOLD and any(change.next != change.current for change in decision.doses)
    return LOWERED if lowers else OUTCOMES[decision.outcome]


def clinician_sections(proposal: PlanProposal, *, drafted: bool = True) -> tuple[Section, ...]:
    """The whole prose, in the order in which a clinician needs it. Empty sections are kept out when shown.

    `drafted` is false where the plan in force stays as it is and no draft is written.
    """
    return (
        _banner(proposal, drafted=drafted),
        _flags(proposal),
        _decision(proposal),
        _doses(proposal),
        _changes(proposal),
        reason_section(proposal),
        gate_section(proposal),
        *progress_sections(proposal),
        *outlook_sections(proposal),
        _missing(proposal),
        _for_review(proposal),
        _changed(proposal),
        _limits(proposal),
        *profile_sections(proposal),
        *intake_sections(proposal),
        *talking_point_sections(proposal),
        *_advice(proposal),
        _sources(proposal),
    )


def _banner(proposal: PlanProposal, *, drafted: bool) -> Section:
    words = DRAFTED if drafted else STANDING
    stop = (NOTES["STOP"],) if proposal.decision.outcome is Outcome.STOP_ESCALATE else ()
    notes = tuple(NOTES[note] for note in proposal.decision.notes if note in NOTES)
    review = (NOTES["CLINICIAN_REVIEW"],) if proposal.decision.review else ()
    return Section("DRAFT" if drafted else "NO NEW DRAFT", sentences=(words, *stop, *notes, *review), loud=True)


def _advice(proposal: PlanProposal) -> tuple[Section, ...]:
    """The texts of the programme. Where nothing is to be done, only when to stop and get help is left."""
    prescription = proposal.prescription
    stop = Section("Stop and get help", items=prescription.stop_rules)
    if not any(exercise.dose for exercise in prescription.exercises):
        return (stop,)
    return (
        Section("The week", sentences=_filled(prescription.week), items=prescription.adjuncts),
        Section("If it gets worse", items=prescription.contingency),
        stop,
        Section("To talk about", items=prescription.education),
    )


def _changes(proposal: PlanProposal) -> Section:
    """Against the plan in force; a first plan changes nothing."""
    if proposal.plan.reference is None:
        return Section("What changes")
    found = differences(version_in_force(proposal.plan), proposed_version(proposal.prescription), proposal.rulebook)
    return Section("What changes", items=found)


def _flags(proposal: PlanProposal) -> Section:
    return Section("Red flags", items=tuple(_flag(proposal, flag) for flag in proposal.flags))


def _flag(proposal: PlanProposal, flag: Flag) -> str:
    known = proposal.rulebook.flags.get(flag.flag)
    action = f" {known.action}" if known else ""
    since = flag.since.date().isoformat()
    return f"{flag.flag.upper()} ({flag.urgency.value}) open since {since}: {flag.because}.{action}"


def _decision(proposal: PlanProposal) -> Section:
    decision = proposal.decision
    phase = f"Phase after approval: {PHASES[decision.phase]}."
    look = (f"Next look on or after {decision.next_look.isoformat()}.",) if decision.next_look else ()
    return Section("Decision", sentences=(f"{headline(proposal)} (rule {decision.rule})", phase, *look))


def _doses(proposal: PlanProposal) -> Section:
    """The dose before and after, and how often."""
    weekly = {item.exercise: item.weekly_frequency for item in proposal.prescription.exercises}
    rows = tuple(
        (
            name_of(proposal, change.exercise),
            dose_words(change.current),
            dose_words(change.next),
            str(weekly.get(change.exercise, "-")),
        )
        for change in proposal.decision.doses
    )
    empty = () if rows else ("This plan has no exercise with a dose.",)
    stop = ("No exercise is prescribed.",) if proposal.decision.outcome is Outcome.STOP_ESCALATE else empty
    return Section("Dose of a session", stop, Table(("Exercise", "Now", "Proposed", "Sessions a week"), rows))


def _missing(proposal: PlanProposal) -> Section:
    """What was not known, what disagreed, what was refused, and what to ask for; what is asked for is said once."""
    found = proposal.assessment
    asks = tuple(ask for ask in proposal.decision.asks if ask not in proposal.decision.reviews)
    said = {part for ask in asks for part in ask.removeprefix("check-in: ").split("; ")}
    unasked = tuple(item for item in found.missing if item not in said)
    refused = (f"Records that could not be used: {proposal.refusals}.",) if proposal.refusals else ()
    conflicts = tuple(f"Reports disagree: {item}" for item in found.conflicts)
    return Section("What is missing", sentences=refused, items=(*unasked, *conflicts, *asks))


def _for_review(proposal: PlanProposal) -> Section:
    """Why a clinician should look although nothing is missing, and what is theirs to choose."""
    return Section("For review", items=proposal.decision.reviews)


def _changed(proposal: PlanProposal) -> Section:
    """What people changed or planned elsewhere, and that it was respected."""
    changes = tuple(
        f"{name_of(proposal, change.exercise) if change.exercise else change.reference}: {change.element} was "
        f"{change.written}, a person set {change.edited}"
        for change in proposal.plan.overrides
    )
    plans = tuple(f"Another author's plan bounds this one: {reference}" for reference in proposal.plan.other_plans)
    return Section("Set by people, and respected", items=(*changes, *plans))


def _limits(proposal: PlanProposal) -> Section:
    return Section("Limits used", items=tuple(_limit(proposal, limit) for limit in proposal.prescription.limits))


def _limit(proposal: PlanProposal, limit: LimitUsed) -> str:
    unit = "" if limit.unit in ("1", "{score}") else f" {limit.unit}"
    since = f" on {limit.since.isoformat()}" if limit.since else ""
    owner = f"from {limit.owner}{since}" if limit.owner else f"default of the rulebook, {_confirmed(proposal)}"
    return f"{LIMITS.get(limit.name, limit.name)}: {plain_number(limit.value)}{unit} ({owner})"


def _confirmed(proposal: PlanProposal) -> str:
    """What an approval says about limits that nobody set one by one: it confirms them, as gate G14 counts."""
    approved = proposal.plan.approved
    if approved is None:
        return "which approving this plan confirms"
    return f"confirmed with the plan's approval on {approved.isoformat()}"


def _sources(proposal: PlanProposal) -> Section:
    """The rulebook and the first of the records; the decision's trace names all, with their versions."""
    sources = deciding_sources(proposal)
    shown = ", ".join(source_words(source) for source in sources[:SHOWN])
    more = f", and {len(sources) - SHOWN} more that the decision record names" if len(sources) > SHOWN else ""
    read = (f"Records read: {shown}{more}.",) if sources else ("No record could be used.",)
    book = f"Rulebook {proposal.rulebook.version}, digest {proposal.rulebook.digest[:12]}."
    return Section("Sources", sentences=(book, *read))


def _filled(words: str) -> tuple[str, ...]:
    return (words,) if words.strip() else ()
