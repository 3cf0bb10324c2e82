"""The banner of a plan's narrative after somebody decided on it. The rest of the prose stays as it was proposed."""

from __future__ import annotations

import re

from titrate.fhir.elements import Json, Resource, part
from titrate.fhir.narrative.xhtml import escaped

TITLES = ("DRAFT", "APPROVED", "REJECTED", "ON HOLD", "WITHDRAWN", "COMPLETED")
_BANNER = re.compile(
    rf"<h2>\s*(?:{'|'.join(TITLES)})\s*</h2>\s*<p>\s*<b>[^<]*</b>\s*</p>(?:\s*<p>\s*<i>[^<]*</i>\s*</p>)*"
)


def with_banner(plan: Resource, title: str, sentence: str, more: tuple[str, ...] = ()) -> Json | None:
    """The plan's narrative under another banner: a title, a loud sentence, quiet ones. Without a banner it stays."""
    narrative = dict(part(plan, "text"))
    if not narrative:
        return None
    quiet = "".join(f"<p><i>{escaped(line)}</i></p>" for line in more)
    banner = f"<h2>{title}</h2><p><b>{escaped(sentence)}</b></p>{quiet}"
    return {**narrative, "div": _BANNER.sub(lambda _: banner, str(narrative.get("div", "")), count=1)}
