"""The clinician's page, section by section. Every number in the reasons comes from the trace of the decision."""

from __future__ import annotations

from titrate.clinical.values.completeness import incomplete_reasons
from titrate.clinical.values.decision import Flag, LimitUsed, Outcome
from titrate.fhir.doses import dose_words
from titrate.fhir.narrative.intake import intake_sections
from titrate.fhir.narrative.labels import LIMITS, NOTES, OUTCOMES, PHASES, names_of
from titrate.fhir.narrative.plan_differences import differences, proposed_version, version_in_force
from titrate.fhir.narrative.profile_sections import profile_sections
from titrate.fhir.narrative.progress_sections import outlook_sections, progress_sections
from titrate.fhir.narrative.reasons import deciding_sources, gate_section, reason_section, source_words
from titrate.fhir.narrative.section import Section, Table, Tone, plain_text
from titrate.fhir.narrative.talking_points import talking_point_sections
from titrate.fhir.plan_proposal import PlanProposal
from titrate.messages import Message, columns, headings
from titrate.messages.completeness import TypesNotUsed
from titrate.messages.decisions import (
    CheckInItems,
)
from titrate.messages.narrative import (
    BoundedByOtherPlan,
    DecisionByRule,
    DraftBanner,
    DraftNotInForce,
    EditedByAuthor,
    LimitByDefault,
    LimitByDefaultConfirmed,
    LimitFromOwner,
    LimitFromOwnerOn,
    NextLookOn,
    NoExerciseIsPrescribed,
    NoExerciseWithDose,
    NoNewDraftBanner,
    NoRecordUsed,
    NoteReviewRequested,
    NoteStop,
    PhaseAfterApproval,
    PlanInForceStays,
    RecordsRead,
    RecordsReadAndMore,
    RecordsRefused,
    RedFlagOpen,
    RedFlagOpenWithAction,
    ReportsDisagree,
    RulebookUsed,
)
from titrate.messages.plan_terms import OutcomeHoldWithLoweredDose

# The page names the first sources; the trace names all.
MAX_SOURCES = 5


def headline(proposal: PlanProposal) -> Message:
    """The decision in a sentence. A hold may still lower a dose because of a limit."""
    decision = proposal.decision
    lowers = decision.outcome is Outcome.HOLD and any(change.next != change.current for change in decision.doses)
    return OutcomeHoldWithLoweredDose() if lowers else OUTCOMES[decision.outcome]


def clinician_sections(proposal: PlanProposal, *, drafted: bool = True) -> tuple[Section, ...]:
    """The sections in the order in which a clinician needs them. Renderers leave out empty sections.

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
        Section(headings.ReviewHeading(), items=proposal.decision.reviews),
        _edits(proposal),
        Section(headings.LimitsHeading(), items=tuple(_limit(proposal, used) for used in proposal.prescription.limits)),
        *profile_sections(proposal),
        *intake_sections(proposal),
        *talking_point_sections(proposal),
        *_advice(proposal),
        _sources(proposal),
    )


def _banner(proposal: PlanProposal, *, drafted: bool) -> Section:
    decision = proposal.decision
    sentences = (
        DraftNotInForce() if drafted else PlanInForceStays(),
        *((NoteStop(),) if decision.outcome is Outcome.STOP_ESCALATE else ()),
        *(NOTES[note] for note in decision.notes if note in NOTES),
        *((NoteReviewRequested(),) if decision.review else ()),
    )
    return Section(DraftBanner() if drafted else NoNewDraftBanner(), sentences, tone=Tone.LOUD)


def _advice(proposal: PlanProposal) -> tuple[Section, ...]:
    """The texts of the programme. Without a dose only the stop rules remain."""
    prescription = proposal.prescription
    stop = Section(headings.StopHeading(), items=prescription.stop_rules)
    if not any(exercise.dose for exercise in prescription.exercises):
        return (stop,)
    week = (prescription.week,) if prescription.week.strip() else ()
    return (
        Section(headings.WeekHeading(), week, items=prescription.adjuncts),
        Section(headings.ContingencyHeading(), items=prescription.contingency),
        stop,
        Section(headings.EducationHeading(), items=prescription.education),
    )


def _changes(proposal: PlanProposal) -> Section:
    """Differences from the plan in force; a first plan has none."""
    if proposal.plan.reference is None:
        return Section(headings.ChangesHeading())
    before, after = version_in_force(proposal.plan), proposed_version(proposal.prescription)
    return Section(headings.ChangesHeading(), items=differences(before, after, proposal.rulebook))


def _flags(proposal: PlanProposal) -> Section:
    return Section(headings.RedFlagsHeading(), items=tuple(_flag(proposal, flag) for flag in proposal.flags))


def _flag(proposal: PlanProposal, flag: Flag) -> Message:
    named, since = proposal.rulebook.named, flag.since.date()
    name, urgency = named(flag.flag), named(flag.urgency.value)
    known = proposal.rulebook.flags.get(flag.flag)
    if known is None:
        return RedFlagOpen(flag=name, urgency=urgency, since=since, reason=flag.because)
    return RedFlagOpenWithAction(flag=name, urgency=urgency, since=since, reason=flag.because, action=known.action)


def _decision(proposal: PlanProposal) -> Section:
    decision = proposal.decision
    sentences = (
        DecisionByRule(headline=headline(proposal), rule=proposal.rulebook.named(decision.rule)),
        PhaseAfterApproval(phase=PHASES[decision.phase]),
        *((NextLookOn(day=decision.next_review),) if decision.next_review else ()),
    )
    return Section(headings.DecisionHeading(), sentences)


def _doses(proposal: PlanProposal) -> Section:
    """The dose before and after, and the sessions a week."""
    weekly, name = {e.exercise: e.weekly_frequency for e in proposal.prescription.exercises}, names_of(proposal)
    rows = tuple(
        (name(dose.exercise), dose_words(dose.current), dose_words(dose.next), str(weekly.get(dose.exercise, "-")))
        for dose in proposal.decision.doses
    )
    heading = (
        columns.ExerciseColumn(), columns.CurrentDoseColumn(), columns.ProposedDoseColumn(),
        columns.FrequencyColumn(),
    )  # fmt: skip
    sentences: tuple[Message, ...] = () if rows else (NoExerciseWithDose(),)
    if proposal.decision.outcome is Outcome.STOP_ESCALATE:
        sentences = (NoExerciseIsPrescribed(),)
    return Section(headings.DosesHeading(), sentences, Table(heading, rows))


def _missing(proposal: PlanProposal) -> Section:
    """Missing data, conflicts, refused records and questions. A question that names missing data replaces it."""
    assessment, decision = proposal.assessment, proposal.decision
    asks = tuple(ask for ask in decision.asks if ask not in decision.reviews)
    named = {str(item) for ask in asks for item in (ask.items if isinstance(ask, CheckInItems) else (ask,))}
    missing = tuple(item for item in assessment.missing if str(item) not in named)
    conflicts = tuple(ReportsDisagree(conflict=conflict) for conflict in assessment.conflicts)
    refused = (RecordsRefused(count=proposal.refusals),) if proposal.refusals else ()
    incomplete = (one for one in incomplete_reasons(proposal.completeness) if one not in decision.reasons)
    return Section(headings.MissingHeading(), refused, items=(*incomplete, *missing, *conflicts, *asks))


def _edits(proposal: PlanProposal) -> Section:
    """What other authors changed or planned, and the service kept."""
    name = names_of(proposal)
    edits = tuple(
        EditedByAuthor(
            subject=name(edit.exercise) if edit.exercise else edit.reference,
            element=edit.element,
            before=edit.written,
            after=edit.edited,
        )
        for edit in proposal.plan.overrides
    )
    plans = tuple(BoundedByOtherPlan(plan=reference) for reference in proposal.plan.other_plans)
    return Section(headings.EditsHeading(), items=(*edits, *plans))


def _limit(proposal: PlanProposal, used: LimitUsed) -> Message:
    """A limit with its source. Approving the plan confirms the defaults of the rulebook, as gate G14 counts."""
    limit, value = LIMITS.get(used.name, used.name), used.value.normalize()
    unit = "" if used.unit in ("1", "{score}") else f" {used.unit}"
    if used.owner and used.since:
        return LimitFromOwnerOn(limit=limit, value=value, unit=unit, owner=used.owner, since=used.since)
    if used.owner:
        return LimitFromOwner(limit=limit, value=value, unit=unit, owner=used.owner)
    approved = proposal.plan.approved
    if approved is None:
        return LimitByDefault(limit=limit, value=value, unit=unit)
    return LimitByDefaultConfirmed(limit=limit, value=value, unit=unit, approved=approved)


def _sources(proposal: PlanProposal) -> Section:
    """The rulebook, the first of the records, and what the site does not use; the trace names all records."""
    sources = tuple(source_words(source) for source in deciding_sources(proposal))
    shown, more = sources[:MAX_SOURCES], len(sources) - MAX_SOURCES
    read: Message = RecordsReadAndMore(sources=shown, more=more) if more > 0 else RecordsRead(sources=shown)
    book = RulebookUsed(version=proposal.rulebook.version, digest=proposal.rulebook.digest[:12])
    unused = proposal.completeness.unused
    declared = (TypesNotUsed(types=unused.types, declared_by=unused.declared_by),) if unused.types else ()
    return Section(headings.SourcesHeading(), (book, read if sources else NoRecordUsed(), *declared))


def explain(proposal: PlanProposal, *, drafted: bool = True) -> str:
    """The plan and its reasons as plain text, ending with a line break; `drafted` as for `clinician_sections`."""
    return plain_text(clinician_sections(proposal, drafted=drafted))
