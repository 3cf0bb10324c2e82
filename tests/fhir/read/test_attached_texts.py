"""The words of attachments: which are decoded, and in which character set."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from typing import Any

import pytest

from titrate.fhir.read.attached_texts import attached_text

WORDS = "Ich möchte nicht mehr leben"


def attachment(kind: str, content: bytes) -> dict[str, Any]:
    """An Attachment with this content type."""
    return {"contentType": kind, "data": b64encode(content).decode()}


@pytest.mark.parametrize(
    ("kind", "charset"),
    [
        ("text/plain", "utf-8"),
        ("TEXT/PLAIN", "utf-8"),
        ("text/plain", "utf-16"),
        ("text/plain", "iso-8859-1"),
        ("text/plain; charset=iso-8859-1", "iso-8859-1"),
        ('text/plain;charset="ISO-8859-15"', "iso-8859-15"),
        ("text/markdown; charset=windows-1252", "windows-1252"),
        ("text/plain; charset=utf-8", "iso-8859-1"),
        ("text/plain; charset=punycode", "utf-8"),
    ],
)
def test_character_sets(kind: str, charset: str) -> None:
    """The one that is stated; where the content is not in it, another one that is in use."""
    assert attached_text(attachment(kind, WORDS.encode(charset))) == WORDS


@pytest.mark.parametrize(
    "data",
    [
        b64encode(WORDS.encode()).decode().rstrip("="),
        "\n ".join(b64encode(WORDS.encode()).decode()),
        urlsafe_b64encode(WORDS.encode()).decode(),
    ],
)
def test_spellings_of_base64(data: str) -> None:
    """In lines, without padding, and in the alphabet for URLs."""
    assert attached_text({"contentType": "text/plain", "data": data}) == WORDS


@pytest.mark.parametrize("kind", ["text/html", "text/xml; charset=utf-8"])
def test_tags_are_no_words(kind: str) -> None:
    """Whatever they are called."""
    found = attached_text(attachment(kind, b"<content ID='1'>chest</content> <i>pain</i>")) or ""
    assert found.split() == ["chest", "pain"]


@pytest.mark.parametrize(
    "element",
    [
        {"contentType": "text/plain", "data": "%%%"},
        {"contentType": "text/plain", "data": "abcde"},
        {"contentType": "text/plain", "data": "möchte"},
        {"contentType": "text/plain", "data": 7},
        {"contentType": "text/plain"},
        {"contentType": None, "data": "Y2hlc3Q="},
        {"data": "Y2hlc3Q="},
        {"contentType": "image/png", "data": "Y2hlc3Q="},
    ],
)
def test_what_holds_no_words(element: dict[str, Any]) -> None:
    """Other types, and content that cannot be decoded."""
    assert attached_text(element) is None
