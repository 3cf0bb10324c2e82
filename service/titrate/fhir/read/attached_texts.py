"""The words of an Attachment or a Binary: its `data`, where `contentType` is a type of text. Others are not decoded."""

from __future__ import annotations

import binascii
import codecs
import re
from base64 import b64decode

from titrate.clinical.values.markup import without_tags
from titrate.fhir.elements import Element, text

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.-]+)", re.IGNORECASE)
# The encodings of text that are in use. Python knows others that are no character sets, or slow.
_CHARSETS = frozenset({"utf-8", "utf-16", "iso-8859-1", "iso-8859-15", "windows-1252", "latin-1"})
# It gives every byte a character, and agrees with the others of Western Europe in all letters.
_ANY = "iso-8859-1"
_SPACE = re.compile(r"\s+")
_WITH_TAGS = ("html", "xml")


def attached_text(element: Element) -> str | None:
    """The text in the `data` of an element; None if it has none, or it is no text or cannot be decoded."""
    if not isinstance(element.get("data"), str):
        return None
    kind = text(element, "contentType") or ""
    if not kind.lower().startswith("text/"):
        return None
    try:
        written = _decoded(_bytes(element["data"]), kind)
    except (binascii.Error, ValueError):
        return None
    plain = kind.partition(";")[0].strip().lower()
    return without_tags(written) if plain.endswith(_WITH_TAGS) else written


def _bytes(data: str) -> bytes:
    """Base64 also in lines, without its padding, or in the alphabet for URLs."""
    joined = _SPACE.sub("", data).rstrip("=").replace("-", "+").replace("_", "/")
    return b64decode(joined + "=" * (-len(joined) % 4), validate=True)


def _decoded(content: bytes, kind: str) -> str:
    """The text in the character set that is stated, else in UTF-8; where it is neither, in that of Western Europe."""
    stated = _CHARSET.search(kind)
    charset = stated[1].lower() if stated and stated[1].lower() in _CHARSETS else "utf-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        charset = "utf-16"
    try:
        return content.decode(charset)
    except UnicodeDecodeError:
        return content.decode(_ANY)
