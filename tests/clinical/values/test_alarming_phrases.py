"""Phrases that reopen a question of the safety screen: what they match, and what negates them (B13.5)."""

from __future__ import annotations

import pytest

from tests.clinical.pictures import BOOK
from titrate.clinical.values.alarming_phrases import AlarmingPhrases, Negations, is_valid_phrase

STATED = {
    "rf01": [
        "both legs tingling since last night, hard to start peeing", "I feel numb between my legs",
        "legs are fine. Saddle numbness",
        "I cannot start passing urine", "could not wee this morning", "I lost control of my bladder",
        "pins and needles in both legs",
        "no idea why both legs are tingling", "no numbness but both legs tingling", "Numb between the legs",
        "taub zwischen den Beinen", "Kribbeln in beiden Beinen", "kann seit gestern kein Wasser lassen",
        "hormigueo en ambas piernas", "no puedo orinar desde ayer", "entumecida entre las piernas",
    ],
    "rf02": [
        "foot is dragging since Monday", "I can't lift my foot", "my left leg feels weak",
        "new weakness in the right arm",
        "Kraftverlust im Arm", "debilidad en la pierna derecha",
    ],
    "rf09": [
        "chest pain", "CHEST\u00a0PAIN", "_chest-pain_!", "pressure on my chest", "short of breath when lying flat",
        "felt faint",
        "no sleep, chest pain all night", "did not sleep because of chest pain", "not only chest pain",
        "never without chest pain",
        "no relief from chest pain", "the chest pain is no better", "chest pain, no better", "no severe chest pain",
        "not better, chest pain for 2 days", "never felt chest pain like this", "no chest pain until today",
        "no chest pain except on stairs", "no more chest pain than usual", "starke Brustschmerzen",
        "habe noch Brustschmerzen",
        "Brustschmerzen gehen nicht weg", "Ich bekomme keine Luft", "dolor en el pecho", "presion en el pecho",
        "me duele mucho el pecho",
        "no puedo dormir por el dolor en el pecho",
    ],
    "rf22": [
        "worst headache of my life", "sudden bad headache", "double vision again",
        "schlimmste Kopfschmerzen meines Lebens",
        "el peor dolor de cabeza de mi vida",
    ],
}  # fmt: skip
NOT_STATED = [
    "no chest pain today", "I have not had any chest pain", "I don't have chest pain", "walked without chest pain",
    "no new chest pain",
    "no chest pain or shortness of breath", "no fever or chest pain",
    "denies fever, chest pain and numbness between the legs",
    "chest pain: none", "Chest pain - no", "no numbness between the legs", "no trouble passing urine",
    "stop if you have chest pain",
    "kein Brustschmerz", "keine Brustschmerzen heute", "Brustschmerzen: nein", "Brustschmerzen habe ich keine",
    "weder Fieber noch Brustschmerzen", "keine Taubheit zwischen den Beinen", "sin dolor en el pecho",
    "no tengo dolor en el pecho",
    "nunca he tenido dolor en el pecho", "niega dolor en el pecho",
]  # fmt: skip
UNRELATED = [
    "legs fine", "chest press 3x10", "pain in my knee, chest press 3x10", "pain on chest press",
    "legs were tired after the walk",
    "numb feet at the bottom of the stairs", "a faint ache in the back", "hard to walk a wee bit",
    "can't lift my arm above the shoulder",
    "heart pounding after the stairs, good", "headache yesterday", "a bit out of breath on the hill", "",
]  # fmt: skip


@pytest.mark.parametrize(("flag", "text"), [(flag, text) for flag, texts in STATED.items() for text in texts])
def test_what_a_patient_states(flag: str, text: str) -> None:
    """In English, German and Spanish, whatever stands around it and whatever else is denied."""
    assert BOOK.flags_in_text(text) == {flag}


@pytest.mark.parametrize("text", [*NOT_STATED, *UNRELATED])
def test_what_a_patient_does_not_state(text: str) -> None:
    """Negated symptoms, and ordinary words of a diary, reopen no question."""
    assert BOOK.flags_in_text(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("No fever, chest pain, or numbness between the legs.", set()),
        ("No fever but chest pain since Monday", {"rf09"}),
        ("No fever. Chest pain since Monday", {"rf09"}), ("Does she have chest pain?", set()),
        ("Mother had chest pain", set()),
        ("Chest pain since Monday", {"rf09"}), ("No chest pain until Monday", {"rf09"}),
        ("Denies suicidal ideation, self-harm.", set()), ("No suicidal thoughts", set()),
        ("Family history of suicide", set()),
        ("Suicidal ideation", {"rf19"}), ("No plan, but suicidal thoughts", {"rf19"}),
        ("Not suicidal. Took an overdose", {"rf19"}),
    ],
)  # fmt: skip
def test_what_a_clinical_note_states(text: str, flags: set[str]) -> None:
    """A negation covers its sentence up to a contrast, also words of self-harm; a question states nothing."""
    assert BOOK.flags_in_text(text, by_patient=False) == flags


@pytest.mark.parametrize("text", ["I am not suicidal any more", "No, I won't kill myself", "suicidal: no"])
def test_a_patient_does_not_negate_words_of_self_harm(text: str) -> None:
    """A clinician speaks with every patient who writes of it, in any of the languages."""
    assert BOOK.flags_in_text(text) == {"rf19"}
    assert BOOK.flags_in_text("No quiero vivir") == BOOK.flags_in_text("Ich möchte sterben") == {"rf19"}


SITE = AlarmingPhrases({"rf05": ("feels/felt ... hot*",)}, Negations(before=("no",)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("knee feels hot", True), ("knee felt very very very very hotter", True), ("knee feels a b c d e hot", False),
        ("knee feels. hot", False), ("knee feel hot", False), ("feels shot", False), ("no feels hot", False),
        ("not feels hot", True),
    ],
)  # fmt: skip
def test_the_marks_of_a_phrase(text: str, found: bool) -> None:
    """Up to four words for three dots, one of several words, any ending for a star, and negations."""
    assert (SITE.flags_in(text) == {"rf05"}) is found


def test_no_phrases_are_in_no_text() -> None:
    """A site without phrases reopens no question."""
    assert AlarmingPhrases().flags_in("chest pain") == frozenset()


@pytest.mark.parametrize(
    ("phrase", "valid"),
    [
        ("numb ... legs", True),
        ("brust*", True),
        ("... legs", False),
        ("numb ...", False),
        ("* legs", False),
        ("a/ legs", False),
    ],
)
def test_phrases_that_would_match_any_text_are_invalid(phrase: str, valid: bool) -> None:
    """A phrase begins and ends with a word, and has no empty word."""
    assert is_valid_phrase(phrase) is valid
