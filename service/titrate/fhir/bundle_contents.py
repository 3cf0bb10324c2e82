"""The resources of a Bundle, with references to the patient's own server as `Type/id`, so that readers compare text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from titrate.bundle_structure import MAX_DEPTH, inner_resources, is_container
from titrate.clinical.values.completeness import Incomplete
from titrate.clinical.values.readings import Refusal, RefusalReason, Source
from titrate.fhir.bundle_completeness import (
    WHOLE,
    FileGap,
    ReceivedBundle,
    answer_gaps,
    entry_gap,
    incomplete_types,
    is_outcome,
    partial,
)
from titrate.fhir.bundle_entry import BundleEntry, read_entry
from titrate.fhir.elements import Element, part, text, with_name
from titrate.fhir.errors import NotABundle
from titrate.fhir.references import (
    Address,
    Resolver,
    address_of,
    most_common_base,
    server_base,
)
from titrate.messages import Message
from titrate.messages.completeness import EntryUnreadable
from titrate.messages.refused_records import (
    BundleEntriesNotAList,
    BundleEntryDeleted,
    BundleEntryDuplicated,
    BundleExpected,
    BundlePatientIncluded,
    BundleReportsError,
    BundlesTooDeep,
)


@dataclass(frozen=True, slots=True)
class BundleContents:
    """The resources of a Bundle in its order, the entries that are left out, and the types that are not complete."""

    resources: tuple[dict[str, Any], ...]
    refusals: tuple[Refusal, ...] = ()
    incomplete: Mapping[str, Incomplete] = field(default_factory=dict)


@dataclass(slots=True)
class _Found:
    """What was collected so far from the entries of a Bundle and of the Bundles in it."""

    entries: list[BundleEntry] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    gaps: list[FileGap] = field(default_factory=list)
    bundles: list[ReceivedBundle] = field(default_factory=list)

    def leave_out(self, path: str, message: Message, *, gap: bool) -> None:
        """Refuse an entry; with a gap where its resources can be of any type."""
        self.refusals.append(_refused(path, message))
        if gap:
            self.gaps.append(partial(EntryUnreadable()))


def bundle_contents(bundle: Mapping[str, Any]) -> BundleContents:
    """The resources of a Bundle and of the Bundles in it. The Bundle itself stays unchanged. Raises NotABundle.

    A missing id is taken from the fullUrl. Of two versions of one resource the newer counts. Resources of
    another server than the patient's keep their address as their name.
    """
    found = _Found()
    _collect(bundle, "Bundle", found, 1)
    return _contents(found)


def answer_contents(entries: Sequence[Mapping[str, Any]], base_url: str, servers: Iterable[str] = ()) -> BundleContents:
    """The resources of the entries that the server at `base_url` answered, the Patient first, as those of a Bundle.

    `servers` are other base addresses of that server.
    """
    found = _Found()
    _collect({"resourceType": "Bundle", "type": "searchset", "entry": list(entries)}, "Bundle", found, 1)
    home, aliases = server_base(base_url), frozenset(base for one in servers if (base := server_base(one)) is not None)
    found.entries = [_at_home(entry, home, aliases, is_first=not index) for index, entry in enumerate(found.entries)]
    return _contents(found, home, aliases)


def _at_home(entry: BundleEntry, home: str | None, aliases: frozenset[str], *, is_first: bool) -> BundleEntry:
    """An entry of a server under its one address. A Patient behind the first is not the patient."""
    if entry.address is not None and entry.address.base in aliases and home is not None:
        entry = replace(entry, address=Address(home, entry.address.name))
    return entry if is_first or not _is_patient(entry) else replace(entry, mode="include")


def _contents(found: _Found, server: str | None = None, aliases: frozenset[str] = frozenset()) -> BundleContents:
    kept, foreign = _own_entries(found.entries)
    home = server or _home(kept)
    unique, left_out = _newest(kept, home)
    resolver = Resolver(home, _names(unique), aliases)
    resources = tuple(_resolved(entry, entry.resource, resolver) for entry in unique if entry.resource is not None)
    gaps = (*found.gaps, *answer_gaps(found.bundles))
    return BundleContents(resources, (*found.refusals, *foreign, *left_out), incomplete_types(gaps))


def resources_of(bundle: Mapping[str, Any]) -> tuple[tuple[dict[str, Any], ...], tuple[Refusal, ...]]:
    """The resources of a Bundle, and the entries that are left out. Raises NotABundle."""
    contents = bundle_contents(bundle)
    return contents.resources, contents.refusals


def _collect(bundle: Any, path: str, found: _Found, depth: int) -> None:
    """The entries of one Bundle, and what it says about those that are missing."""
    items, kind = _entries_of(bundle), text(bundle, "type")
    before = len(found.entries)
    for index, item in enumerate(items):
        _collect_item(item, f"{path}.entry[{index}]", kind, found, depth)
    added = [entry.resource for entry in found.entries[before:] if entry.mode != "include"]
    types = [str(resource["resourceType"]) for resource in added if resource is not None]
    found.bundles.append(ReceivedBundle(bundle, items, types))


def _collect_item(item: Any, path: str, kind: str | None, found: _Found, depth: int) -> None:
    """One entry: its resource, and the Bundles and Parameters in it."""
    if isinstance(item, Mapping) and (gap := entry_gap(item, kind)) is not None:
        found.gaps.append(gap)
    inner = [*inner_resources(item, path)]
    for place, resource in inner:
        if resource.get("resourceType") == "Bundle":
            _collect_inner(resource, place, found, depth + 1)
        else:
            # A Patient among parameters is what was asked about, and no second patient.
            aside = {"search": {"mode": "include"}} if resource.get("resourceType") == "Patient" else {}
            _collect_item({"resource": resource, **aside}, place, kind, found, depth)
    if not inner or not is_container(item.get("resource")):
        _collect_entry(path, item, kind, found)


def _collect_inner(bundle: Any, path: str, found: _Found, depth: int) -> None:
    if depth > MAX_DEPTH:
        found.leave_out(path, BundlesTooDeep(levels=MAX_DEPTH), gap=True)
        return
    try:
        _collect(bundle, path, found, depth)
    except NotABundle:
        found.leave_out(path, BundleEntriesNotAList(), gap=True)


def _collect_entry(path: str, item: Any, kind: str | None, found: _Found) -> None:
    element = item if isinstance(item, Mapping) else {}
    if is_outcome(part(element, "resource")) or text(part(element, "search"), "mode") == "outcome":
        if entry_gap(element, kind) is not None:
            found.leave_out(path, BundleReportsError(), gap=False)
        return
    entry = read_entry(path, element, kind)
    if isinstance(entry, BundleEntry):
        found.entries.append(entry)
    elif not _is_bare_response(element):
        found.leave_out(path, entry, gap=kind not in WHOLE and part(element, "resource") != {})


def _is_bare_response(item: Element) -> bool:
    """Whether an entry only reports the status of a request, as a transaction-response does."""
    return bool(part(item, "response")) and not part(item, "resource")


def _entries_of(bundle: Any) -> list[Any]:
    if not isinstance(bundle, Mapping) or bundle.get("resourceType") != "Bundle":
        raise NotABundle(str(BundleExpected()))
    entries = bundle.get("entry")
    if entries is not None and not isinstance(entries, list):
        raise NotABundle(str(BundleEntriesNotAList()))
    return entries or []


def _own_entries(entries: list[BundleEntry]) -> tuple[list[BundleEntry], list[Refusal]]:
    """The entries without the Patients that a search only included."""
    found = any(_is_patient(entry) and entry.mode != "include" for entry in entries)
    included = [entry for entry in entries if found and _is_patient(entry) and entry.mode == "include"]
    kept = [entry for entry in entries if entry not in included]
    patients = {entry.name for entry in kept if _is_patient(entry)}
    return kept, [
        _left_out(e, RefusalReason.WRONG_PATIENT, BundlePatientIncluded()) for e in included if e.name not in patients
    ]


def _is_patient(entry: BundleEntry) -> bool:
    return entry.resource is not None and entry.resource["resourceType"] == "Patient"


def _home(entries: list[BundleEntry]) -> str | None:
    """The patient's own server: that of the Patient, else that of most entries. References to another stay absolute."""
    own = [entry.address for entry in entries if _is_patient(entry) and entry.address is not None]
    return most_common_base(own or [entry.address for entry in entries if entry.address is not None])


def _newest(entries: list[BundleEntry], home: str | None) -> tuple[list[BundleEntry], list[Refusal]]:
    """One entry per resource if the order of its versions is known; otherwise all stay and conflict openly."""
    chosen: dict[str, list[BundleEntry]] = {}
    refusals: list[Refusal] = []
    for entry in entries:
        versions = chosen.setdefault(entry.key(home), [])
        older = _older(versions, entry)
        if older is None:
            versions.append(entry)
            continue
        if older is not entry:
            versions[versions.index(older)] = entry
        refusals.append(_left_out(older, RefusalReason.DUPLICATE, BundleEntryDuplicated()))
    unique = [entry for versions in chosen.values() for entry in versions]
    deleted = [entry for entry in unique if entry.resource is None]
    gone = (_left_out(entry, RefusalReason.STATUS, BundleEntryDeleted()) for entry in deleted)
    return unique, [*refusals, *gone]


def _older(versions: list[BundleEntry], entry: BundleEntry) -> BundleEntry | None:
    """The entry to drop: an equal or older one; None if the order is unknown."""
    for other in versions:
        if other.resource == entry.resource:
            return entry
        if entry.when is not None and other.when is not None and entry.when != other.when:
            return other if entry.when > other.when else entry
        if entry.newest_first and other.newest_first:
            return entry
    return None


def _names(entries: list[BundleEntry]) -> dict[str, str]:
    """fullUrls that are no place of the resource on a server, with the name of their resource."""
    named = ((entry.url, entry.name) for entry in entries if entry.url is not None and entry.resource is not None)
    pairs = [(url, own) for url, own in named]
    addresses = ((str(address), own) for url, own in pairs if (address := address_of(url)) is not None)
    return {**dict(pairs), **dict(addresses)}


def _resolved(entry: BundleEntry, resource: dict[str, Any], resolver: Resolver) -> dict[str, Any]:
    base = entry.address.base if entry.address is not None else resolver.home
    resolved = resolver.resolved(resource, base)
    return resolved if base == resolver.home else with_name(resolved, str(entry.address))


def _left_out(entry: BundleEntry, reason: RefusalReason, message: Message) -> Refusal:
    return Refusal(Source(entry.name), entry.path, reason, message)


def _refused(path: str, message: Message) -> Refusal:
    return Refusal(Source("Bundle"), path, RefusalReason.MALFORMED, message)
