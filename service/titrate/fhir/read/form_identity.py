"""Which questionnaire of the service a response answers, and what its items are coded as.

A form is known by its canonical URL, by the EHR's copy of the questionnaire, or by its linkIds alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from titrate.clinical.values.code_lookup import Key, plain_words
from titrate.fhir.elements import EMPTY, Element, coding_keys, name, parts, text
from titrate.fhir.read.form_items import DATES, Answer, answers_of
from titrate.fhir.read.read_context import ReadContext
from titrate.fhir.references import without_version
from titrate.fhir.unreadable_codes import loinc_without_system

SCREENS = frozenset({"safety-screen-full", "safety-screen-short"})
# Shorter questionnaires have too few linkIds to be known by them alone; the short safety screen has seven.
_FEWEST_LINKS = 7


@dataclass(frozen=True, slots=True)
class KnownForm:
    """A questionnaire of the service. `certain`: named as such, or all of its linkIds and no others are present.

    The answers of an uncertain one can hold or lower and never help.
    """

    name: str
    certain: bool = True


def form_answers(resource: Element, context: ReadContext) -> tuple[Answer, ...]:
    """Every answer of a response, with the codings of the questionnaire where it is contained or in the record.

    A safety question is also known by its name in other letters, by the definition of its item and by its words.
    """
    questionnaire = questionnaire_of(resource, context)
    codes = dict(_item_codings(questionnaire))
    for link, flag in _safety_questions(resource, context):
        codes[link] = (*codes.get(link, ()), (context.site.codes, flag))
    return tuple(answers_of(resource, "QuestionnaireResponse", "", codes, dict(_item_questions(questionnaire))))


def _safety_questions(element: Element, context: ReadContext) -> Iterator[tuple[str, str]]:
    """The linkIds of items that ask a safety question, with the flag."""
    for item in parts(element, "item"):
        link = text(item, "linkId") or ""
        address, _, fragment = (text(item, "definition") or "").partition("#")
        named = link.casefold(), fragment if _own_name(address, context) in SCREENS else ""
        by_words = context.lookup.flag_texts.get(plain_words(text(item, "text") or ""))
        flag = next((one for one in (*named, by_words) if one in context.rulebook.flags), None)
        if flag is not None and flag != link:
            yield link, flag
        for below in (item, *parts(item, "answer")):
            yield from _safety_questions(below, context)


def known_form(resource: Element, answers: tuple[Answer, ...], context: ReadContext) -> KnownForm | None:
    """The questionnaire that a response answers; None for another publisher's."""
    named = form_name(resource, context)
    return KnownForm(named) if named is not None else _by_links(answers, context)


def form_name(resource: Element, context: ReadContext) -> str | None:
    """The questionnaire that a response names, or that the EHR's copy of the questionnaire names as its origin.

    A response names it by its canonical URL, its place on the record's own server or its name alone. A version, a last
    slash and the scheme make no difference.
    """
    copy = questionnaire_of(resource, context)
    derived = copy.get("derivedFrom")
    origins = [text(copy, "url"), *(derived if isinstance(derived, list) else [derived])]
    origins += [text(one, "value") for one in parts(copy, "identifier")]
    addresses = [text(resource, "questionnaire"), *(one for one in origins if isinstance(one, str) and "://" in one)]
    names = (_own_name(address, context) for address in addresses if address is not None)
    return next((one for one in names if one in context.lookup.forms), None)


def _own_name(address: str, context: ReadContext) -> str:
    plain = without_version(address.partition("|")[0])
    canonical = context.site.questionnaire("").partition("://")[2]
    relative = plain.partition("://")[2].removeprefix(canonical) if "://" in plain else plain
    return relative.removeprefix("Questionnaire/")


def questionnaires_by_address(resources: Iterable[Element]) -> dict[str, Element]:
    """The Questionnaires of a record by `Type/id`, canonical URL, and URL with version; of equals the first by name."""
    found: dict[str, Element] = {}
    for resource in sorted(resources, key=lambda one: (name(one), text(one, "url") or "", text(one, "version") or "")):
        found.setdefault(name(resource), resource)
        url = _plain_url(text(resource, "url") or "")
        for address in (url, f"{url}|{text(resource, 'version')}") if url else ():
            found.setdefault(address, resource)
    return found


def questionnaire_of(resource: Element, context: ReadContext) -> Element:
    """The Questionnaire that a response names, contained or in the record; empty if neither is."""
    address = text(resource, "questionnaire") or ""
    plain, _, version = address.partition("|")
    contained = [one for one in parts(resource, "contained") if text(one, "resourceType") == "Questionnaire"]
    for item in contained:
        if address == f"#{text(item, 'id')}" or (plain and _plain_url(plain) == _plain_url(text(item, "url") or "")):
            return item
    if not address:
        return contained[0] if len(contained) == 1 else EMPTY
    known = context.questionnaires
    names = (f"{_plain_url(plain)}|{version}", _plain_url(plain), without_version(plain))
    return next((known[one] for one in names if one in known), EMPTY)


def _plain_url(address: str) -> str:
    """A canonical URL without scheme, version and last slash."""
    plain = without_version(address.partition("|")[0])
    return plain.partition("://")[2] or plain


def _item_codings(element: Element) -> Iterator[tuple[str, tuple[Key, ...]]]:
    for item in parts(element, "item"):
        concept = {"coding": parts(item, "code")}
        yield text(item, "linkId") or "", (*coding_keys(concept), *loinc_without_system(concept))
        yield from _item_codings(item)


def _item_questions(element: Element) -> Iterator[tuple[str, str]]:
    for item in parts(element, "item"):
        yield text(item, "linkId") or "", text(item, "text") or ""
        yield from _item_questions(item)


def own_items(form: str, answers: tuple[Answer, ...], context: ReadContext) -> tuple[Answer, ...]:
    """The answers with the linkIds of the service where only the code of an item is known."""
    links = _links_by_code(form, context)
    return tuple(
        one if link == one.item else replace(one, item=link) for one, link in _linked(form, answers, links, context)
    )


def _linked(
    form: str, answers: Iterable[Answer], links: Mapping[Key, str], context: ReadContext
) -> Iterator[tuple[Answer, str]]:
    """Each answer with its linkId in this form, by its own linkId or else by a code; its own where neither is known."""
    known = context.lookup.forms[form]
    for one in answers:
        by_code = next((links[key] for key in one.codings if key in links), None)
        yield one, one.item if one.item in known or by_code is None else by_code


def _links_by_code(form: str, context: ReadContext) -> dict[Key, str]:
    book, found = context.rulebook, dict[Key, str]()
    for link, what in context.lookup.forms[form].items():
        if what in book.flags:
            found[context.site.codes, what] = link
        for coding in book.measures[what].codings if what in book.measures else ():
            found[coding.system, coding.code] = link
    return found


def _by_links(answers: tuple[Answer, ...], context: ReadContext) -> KnownForm | None:
    """The one questionnaire that has all linkIds of the response, else the one that has clearly most of them."""
    forms = [form for form, known in context.lookup.forms.items() if len(known) >= _FEWEST_LINKS]
    fits = {form: _fit(form, answers, context) for form in forms}
    for certain in (True, False):
        found = [form for form, fit in fits.items() if fit is certain]
        if found:
            return KnownForm(found[0], certain) if len(found) == 1 else None
    return None


def _fit(form: str, answers: tuple[Answer, ...], context: ReadContext) -> bool | None:
    """True if the linkIds are exactly those of the form, False if clearly most of both are shared, else None."""
    known, matched, others = context.lookup.forms[form], set[str](), set[str]()
    for one, link in _linked(form, answers, _links_by_code(form, context), context):
        if link in known:
            matched.add(link)
        elif one.element and link not in DATES:
            others.add(link)
    if len(matched) == len(known) and not others:
        return True
    most = 2 * len(matched) > len(known) and len(matched) > 2 * len(others)
    return False if most else None
