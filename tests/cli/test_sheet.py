"""`titrate sheet`: the active plan in plain words, and no sheet of any other plan."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.cli.running import PATIENTS, Done, moment, titrate

ALL = sorted(folder.name for folder in PATIENTS.iterdir() if folder.is_dir())


def sheet(fixture: str, *options: str, **settings: str) -> Done:
    """The sheet of a synthetic patient at its decision time."""
    file = str(PATIENTS / fixture / "bundle.json")
    return titrate("sheet", "--bundle", file, "--at", moment(fixture), *options, **settings)


def flat(done: Done) -> str:
    """The output with white space collapsed."""
    assert done.code == 0, done.err
    return " ".join(done.out.split())


def test_the_sheet_shows_the_active_plan_and_not_the_draft() -> None:
    """E2's draft says 16 minutes; the patient reads 15 until a clinician has approved it."""
    sheet_text = flat(sheet("e2-progress"))
    assert "Walking 15 minutes 3 times a week" in sheet_text
    assert "Leg press 3 sets of 10 with 40 kg 2 times a week" in sheet_text
    assert "16" not in sheet_text


@pytest.mark.parametrize(
    ("fixture", "why"),
    [
        ("e1-baseline-set", "no approved plan is in force"), ("nothing-known-yet", "no approved plan is in force"),
        ("under-18", "cannot make a plan for this patient"), ("red-flag", "a red flag is open"),
        ("e4-reactive-deload", "a lower dose"), ("e5-flare", "a lower dose"), ("e4b-lighter-week", "a lower dose"),
        ("gap-of-16-days", "a lower dose"),
    ],
)  # fmt: skip
def test_there_is_no_sheet_without_a_valid_active_plan(fixture: str, why: str) -> None:
    """Exit code 1, the reason on standard error, and nothing on standard output."""
    done = sheet(fixture)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("No sheet: ")
    assert why in done.err


@pytest.mark.parametrize("fixture", ALL)
def test_every_patient_gets_a_complete_sheet_or_a_reason(fixture: str) -> None:
    """Why, how it may feel, what the signs mean, and when to stop."""
    done = sheet(fixture)
    if done.code == 1:
        assert done.err.startswith("No sheet: ")
        return
    sheet_text = flat(done)
    for part in ("Why this plan", "How it may feel", "Green: go on", "Amber: do less", "Red: stop",
                 "STOP AND GET HELP", "Call the emergency number."):  # fmt: skip
        assert part in sheet_text, part
    assert "draft" not in sheet_text.lower()
    assert not re.search(r"[{}]", sheet_text)


def test_the_card_shows_the_patients_own_numbers() -> None:
    """Effort up to 4 while loading; up to 3 with the flare card while the plan of a flare is active."""
    loading, flare = flat(sheet("e2-progress")), flat(sheet("return-to-load-first-day"))
    assert "Keep your pain at 5 out of 10 or less. Keep your effort at 4 out of 10 or less." in loading
    assert "about 2 of 10" in loading
    assert "Keep your effort at 3 out of 10 or less." in flare
    assert "How it may feel in a flare" in flare
    assert "feel in a flare" not in loading


def test_only_a_step_that_was_set_is_on_the_sheet() -> None:
    """Step 3 is proposed to the clinician; the patient reads step 2, chunks, and the module that is due again."""
    sheet_text = flat(sheet("knee-and-stairs", programme="knee-pain"))
    assert "a 10 cm step with a rail. Have someone near you, or something within reach to hold on to." in sheet_text
    assert "15 cm" not in sheet_text
    assert "10 minutes, then rest for 5 minutes" in sheet_text
    assert "To talk about: Strong hips and thighs help the knee" in sheet_text


def test_the_restart_is_on_the_sheet() -> None:
    """After a week with one walk: the least dose, twice."""
    sheet_text = flat(sheet("few-sessions"))
    assert "Starting again" in sheet_text
    assert "For you: 7.5 minutes, 2 times a week." in sheet_text


class Outline(HTMLParser):
    """The tags of a page, in order, and the tags that are still open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 (the parser gives it)
        """Meta elements have no end tag."""
        self.tags.append(tag)
        if tag != "meta":
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An end tag closes the last open tag."""
        assert self.opened.pop() == tag


def test_the_page_is_valid_large_and_self_contained() -> None:
    """One h1, a language, row and column headers, 20 pixel type; no script and no URL."""
    done = sheet("e2-progress", "--html")
    page = Outline()
    page.feed(done.out)
    assert page.opened == []
    assert page.tags.count("h1") == 1
    assert '<html lang="en">' in done.out
    assert 'scope="row"' in done.out
    assert "font: 20px" in done.out
    assert not re.search(r"<script|https?:|src=|@import", done.out)


def test_page_and_text_say_the_same() -> None:
    """Every word of the text is on the page."""
    page = re.sub(r"<style>.*?</style>|<[^>]+>", " ", sheet("e2-progress", "--html").out, flags=re.DOTALL).lower()
    words = set(re.findall(r"[a-z0-9.]+", page))
    assert set(re.findall(r"[a-z0-9.]+", sheet("e2-progress").out.lower())) <= words


def test_neither_or_both_sources_are_a_usage_error() -> None:
    """As with `titrate plan`."""
    assert titrate("sheet").code == 2
    assert titrate("sheet", "--patient", "1", "--bundle", str(PATIENTS / "e2-progress" / "bundle.json")).code == 2


def test_a_patient_of_the_ehr_needs_an_ehr() -> None:
    """It says which setting is missing."""
    done = titrate("sheet", "--patient", "1")
    assert done.code == 2
    assert "TITRATE_FHIR_URL" in done.err


def sentences(text: str) -> list[str]:
    """Sentences and list items, without headings."""
    return [one for one in re.split(r"(?<=[.?!:;])\s+|\n+", text) if len(one.split()) > 2]


def syllables(word: str) -> int:
    """Groups of vowels, a silent e left out; at least one."""
    found = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith("le") and found > 1
    return max(found - silent, 1)


@pytest.mark.parametrize("fixture", ["e2-progress", "knee-and-stairs", "maintenance"])
def test_an_eleven_year_old_can_read_it(fixture: str) -> None:
    """Flesch-Kincaid grade of at most 6, which is age 11, with no more than 12 words a sentence on average."""
    sheet_text = sentences(sheet(fixture).out)
    words = [word for one in sheet_text for word in re.findall(r"[A-Za-z']+", one)]
    a_sentence, a_word = len(words) / len(sheet_text), sum(map(syllables, words)) / len(words)
    assert a_sentence <= 12
    assert 0.39 * a_sentence + 11.8 * a_word - 15.59 <= 6
