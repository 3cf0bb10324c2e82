"""The banner of a plan's narrative after a decision on it. The rest of the narrative stays as proposed."""

from __future__ import annotations

import re
from enum import StrEnum

from titrate.fhir.elements import Json, Resource, part
from titrate.fhir.narrative.section import Text
from titrate.fhir.narrative.xhtml import escaped


class BannerTitle(StrEnum):
    """The titles that a banner may have; a stored narrative keeps its title, so they never change."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    ON_HOLD = "ON HOLD"
    WITHDRAWN = "WITHDRAWN"
    COMPLETED = "COMPLETED"


_BANNER = re.compile(
    rf"<h2>\s*(?:{'|'.join(BannerTitle)})\s*</h2>\s*<p>\s*<b>[^<]*</b>\s*</p>(?:\s*<p>\s*<i>[^<]*</i>\s*</p>)*"
)


def with_banner(plan: Resource, title: str, sentence: Text, more: tuple[Text, ...] = ()) -> Json | None:
    """The plan's narrative with another banner: a title, a bold sentence, further sentences in italics.

    A narrative without a banner stays as it is. None where the plan has no narrative.
    """
    narrative = dict(part(plan, "text"))
    if not narrative:
        return None
    italics = "".join(f"<p><i>{escaped(line)}</i></p>" for line in more)
    banner = f"<h2>{title}</h2><p><b>{escaped(sentence)}</b></p>{italics}"
    return {**narrative, "div": _BANNER.sub(lambda _: banner, str(narrative.get("div", "")), count=1)}
