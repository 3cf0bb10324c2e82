"""Sentences about red flags: what opened one."""

from __future__ import annotations

from decimal import Decimal

from titrate.messages.message import Message


class FlagOpenedBy(Message, text="{findings:;}"):
    findings: tuple[Message, ...]


# Screen and earlier decisions


class ScreenAnsweredYes(Message, text="answered yes in the safety screen"): ...


class ScreenAnsweredYesUndated(Message, text="answered yes in the safety screen, without a usable time"): ...


class FlagOpenBefore(Message, text="recorded as open before, and not cleared"): ...


# Diagnoses that the EHR lists


class CaudaEquinaListed(Message, text="cauda equina syndrome is listed"): ...


class FootDropListed(Message, text="foot drop or wrist drop is newly listed"): ...


class FractureListed(Message, text="a fracture is newly listed"): ...


class SpineInfectionListed(Message, text="an infection of the spine or a joint is listed"): ...


class MyelopathyListed(Message, text="a disease of the spinal cord is listed"): ...


class InflammatoryBackPainListed(Message, text="an inflammatory disease of the spine is newly listed"): ...


class UnstableHeartListed(Message, text="unstable angina, syncope or a fast rhythm is newly listed"): ...


class HeartAttackListed(Message, text="a heart attack is listed as recent"): ...


class ThromboembolismListed(Message, text="thrombosis or embolism is listed as recent"): ...


class HeartInflammationListed(Message, text="inflammation of the heart is listed"): ...


class AorticStenosisListed(Message, text="aortic stenosis is listed, not graded as mild or moderate"): ...


class HeartFailureListed(Message, text="acute or decompensated heart failure is listed"): ...


class NewAtrialFibrillation(Message, text="atrial fibrillation is newly listed"): ...


class AcuteInfectionListed(Message, text="an acute infection is newly listed"): ...


class FatigueSyndromeListed(
    Message, text="ME/CFS or a similar diagnosis is listed: no programme of fixed increments"
): ...


class SelfHarmListed(Message, text="self-harm or thoughts of it are newly listed"): ...


class MuscleBreakdownListed(
    Message, text="muscle breakdown (rhabdomyolysis) or compartment syndrome is newly listed"
): ...


class NeckArteryListed(
    Message, text="dissection of a neck artery, Horner syndrome or bleeding around the brain is newly listed"
): ...


class RepeatedFallsListed(Message, text="repeated falls are newly listed"): ...


class PregnancyComplicationListed(Message, text="a complication of pregnancy is newly listed"): ...


class WeakSpineListed(Message, text="a weakened spine is listed: fracture in osteoporosis, or metastasis"): ...


class CrpsListed(Message, text="CRPS is listed"): ...


class FallWithInjury(Message, text="a fall with an injury is listed"): ...


class FallsWithin(Message, text="{falls} falls in {days} days"):
    falls: int
    days: int


class NewMedicine(Message, text="new medicine: {group}"):
    group: str


# Sessions and words


class NightPainWithCancer(Message, text="unremitting night pain with cancer in the history"): ...


class LimitExceededAfterSurgery(Message, text="{done} {unit} done, above the limit of {limit} after surgery"):
    done: Decimal
    unit: str
    limit: Decimal


class StoppedForChestSymptom(Message, text="a session was stopped for a chest symptom"): ...


class AlarmingWords(Message, text="words of self-harm in a text"): ...


class FatigueAfterExertion(
    Message, text="fatigue of {fatigue} in the days after exertion, on {days} of {window} session days"
):
    fatigue: Decimal
    days: int
    window: int


# Measurements


class Temperature(Message, text="temperature {value}"):
    value: Decimal


class RestingSystolicPressure(Message, text="resting systolic pressure {value}"):
    value: Decimal


class RestingDiastolicPressure(Message, text="resting diastolic pressure {value}"):
    value: Decimal


class ExerciseSystolicPressure(Message, text="systolic pressure in exercise {value}"):
    value: Decimal


class ExerciseDiastolicPressure(Message, text="diastolic pressure in exercise {value}"):
    value: Decimal


class PressureFellInExercise(Message, text="systolic pressure fell by {fall} in exercise, to {value}"):
    value: Decimal
    fall: Decimal


class PressureFellOnStanding(Message, text="systolic pressure fell by {fall} on standing, to {value}"):
    value: Decimal
    fall: Decimal


class RestingHeartRate(Message, text="resting heart rate {value}"):
    value: Decimal


class OxygenSaturation(Message, text="oxygen saturation {value}"):
    value: Decimal


class Glucose(Message, text="glucose {value}"):
    value: Decimal


class FluidGain(
    Message, text="heart failure is listed, and weight increased by {gain} kg within {days} days, to {value}"
):
    value: Decimal
    gain: Decimal
    days: Decimal


class SelfHarmItem(Message, text="PHQ-9 item 9 is {value}: speak with the patient today"):
    value: Decimal
