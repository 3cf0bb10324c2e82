"""Free text: comments, which readers take from their own elements, and words of alarm in any other text."""

from __future__ import annotations

from dataclasses import dataclass

from titrate.clinical.values.reading_source import ReadingSource


@dataclass(frozen=True, slots=True)
class Comment:
    """Free text. The clinician sees it; the service searches it only for the listed alarm and conflict words.

    `about` is the question of the intake profile that it answers; empty for any other comment.
    """

    text: str
    stamp: ReadingSource
    about: str = ""


@dataclass(frozen=True, slots=True)
class FreeText:
    """A text with words of alarm that is not a comment: in any element of a resource, also of a refused one (B13.5).

    `by_patient` is false for a clinical note: there a negation covers a whole sentence, and a question states nothing.
    """

    text: str
    stamp: ReadingSource
    by_patient: bool = True
