"""Texts without the marks of HTML and Markdown, which are allowed in notes and can part the words of a phrase."""

from __future__ import annotations

import html
import re

_MARKS = re.compile(r"[<&*_~]")
_NAMES = (
    "a|abbr|b|big|blockquote|body|br|caption|center|code|col|dd|del|div|dl|dt|em|font|h[1-6]|head|hr|html|i|img|ins|li"
    "|mark|ol|p|pre|q|s|samp|small|span|strike|strong|style|sub|sup|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul"
)
_ATTRIBUTE = r"\s+[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s<>\"'=]+)"
# Only elements of HTML: of `pain <3 and chest pain> 4` nothing is taken away.
_TAG = re.compile(rf"</?(?:{_NAMES})(?:{_ATTRIBUTE})*\s*/?>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]*>")
_EMPHASIS = re.compile(r"[*_~]+")


def without_tags(text: str) -> str:
    """A text that is HTML or XML, with a space in place of every tag, and with entities as characters."""
    return html.unescape(_ANY_TAG.sub(" ", text)) if "<" in text or "&" in text else text


def without_markup(text: str) -> str:
    """A text with a space in place of each HTML tag and each mark of emphasis, and with entities as characters."""
    if _MARKS.search(text) is None:
        return text
    plain = _TAG.sub(" ", text) if "<" in text else text
    return _EMPHASIS.sub(" ", html.unescape(plain) if "&" in plain else plain)
