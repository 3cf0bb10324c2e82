"""Why a clinician cannot approve a dose or must give a reason, and why a patient's sheet is withheld."""

from __future__ import annotations

from decimal import Decimal

from titrate.messages.message import Message


class FlagForbidsExercise(Message, text="open flag {flag}: no exercise until a clinician has cleared it"):
    flag: Message


class AboveDraft(Message, text="{exercise}: more than the draft says"):
    exercise: str


class ScreenOutstanding(Message, text="SCREEN_OUTSTANDING: {items:;}"):
    items: tuple[Message, ...]


class LowerByTodaysReports(Message, text="{exercise}: today's reports give less by rule {rule}"):
    exercise: str
    rule: Message


class AboveLimit(Message, text="{exercise}: above a limit that a clinician or another plan sets"):
    exercise: str


class MoreThanStepOverCurrent(Message, text="{exercise}: more than {most} times the dose in force"):
    exercise: str
    most: Decimal


class MoreThanStepOverDraft(Message, text="{exercise}: more than {most} times the drafted dose"):
    exercise: str
    most: Decimal


class SheetNotEligible(Message, text="this patient cannot be given a plan by this service"):
    pass


class SheetNeedsApproval(Message, text="no approved plan is in force: approve the draft first"):
    pass


class SheetPlanOnHold(Message, text="a clinician has put the plan on hold"):
    pass


class SheetPlanEnded(Message, text="the plan has ended"):
    pass


class SheetWithoutDose(Message, text="no exercise of the plan has a dose"):
    pass


class SheetFlagOpen(Message, text="a red flag is open: no exercise before a clinician has cleared it"):
    pass


class SheetLowerDose(Message, text="the records now indicate a lower dose (rule {rule}): decide on the draft first"):
    rule: Message
