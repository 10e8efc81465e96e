"""The style Keep a Changelog 1.1.0: the text under Unreleased becomes the release's section, the commits join it."""

from __future__ import annotations

import re
from pathlib import Path

from vwmp_release.support.textfile import Edit, TextFile

from . import insertion
from .changes import Change
from .insertion import Inserted, apply, bullet, existing
from .markdown import safe
from .outline import Heading, Outline, Reference, outline
from .release import Release
from .sections import Group, bullets, keep_groups

_INTRO = (
    "All notable changes to this project are documented in this file, in the form of\n"
    "[Keep a Changelog](https://keepachangelog.com/en/1.1.0/)."
)
_PAIR = re.compile(r"(?P<old>[^/=?&\s]+?)(?P<dots>\.{2,3})(?P<new>[^/=?&\s]+?)(?P<rest>[?#]\S*)?$")


def insert(file: TextFile, release: Release, date: str, *, prepend: bool, detailed: str, root: Path) -> Inserted:
    """Insert a release's section; text under Unreleased moves into it as it is.

    Args:
        file: The document as it is.
        release: The release.
        date: Its date, rendered.
        prepend: Whether it goes before the first release; otherwise behind the last.
        detailed: A line that links the detailed changelog, or empty.
        root: Folder that paths are shown relative to.

    Raises:
        PermanentError: The version has a section already, and that is another one.
    """
    if insertion.is_blank(file):
        return _new(file, release, date, detailed)
    plan = outline(file.text)
    heading = _heading(plan, release, date)
    there = existing(plan, release.version)
    if there is not None:
        body = _lines(file.text[there.end : plan.release_end(there)])
        if insertion.same_text(file.text[there.start : there.end], heading) and _holds(body, plan, release):
            return Inserted(file, body, changed=False)
        raise insertion.refusal(file, there, release.version, root)
    pending = plan.unreleased
    hand = file.text[pending.end : plan.end_of(pending)] if pending else ""
    if pending and hand.strip():
        insertions = _around(plan, pending, heading, _missing(hand, release), detailed)
    else:
        at = plan.end_of(pending) if pending and prepend else insertion.anchor(plan, prepend=prepend)
        text = f"{heading}\n\n{_body(_missing('', release), release, bullet(plan), detailed)}"
        insertions = {at: insertion.spaced(file.text, at, text)}
    replacements = _references(plan, release, insertions)
    edited = apply(file, list(insertions.items()), replacements)
    after = outline(edited.text)
    found = existing(after, release.version)
    notes = _lines(edited.text[found.end : after.release_end(found)]) if found else ""
    return Inserted(edited, notes)


def _lines(text: str) -> str:
    """Return a section's body as notes: line feeds, no blank lines around."""
    return text.replace("\r\n", "\n").strip("\n")


def _new(file: TextFile, release: Release, date: str, detailed: str) -> Inserted:
    body = _body(_missing("", release), release, "-", detailed)
    text = f"{insertion.TITLE}\n\n{_INTRO}\n\n## [Unreleased]\n\n## [{release.version}] - {date}\n\n{body}\n"
    if release.links:
        since, links = release.links.unreleased(release.tag), release.links
        own = links.compare(release.previous_tag, release.tag) if release.previous_tag else links.tag(release.tag)
        text += f"\n[Unreleased]: {since}\n" if since else "\n"
        text += f"[{release.version}]: {own}\n"
    return Inserted(insertion.begun(file, text), body)


def _heading(plan: Outline, release: Release, date: str) -> str:
    """Return the heading in the form of the document's newest release: brackets and `v` as there."""
    first = plan.first_release
    prefix = "v" if first and re.match(r"\[?v\d", first.text) else ""
    plain = first is not None and re.match(r"v?\d\S* - ", first.text) is not None
    name = f"{prefix}{release.version}"
    return f"## {name} - {date}" if plain else f"## [{name}] - {date}"


def _missing(hand: str, release: Release) -> list[Group]:
    """Return the entries of commits that hand-written text does not name already."""
    kept = [
        Group(title, tuple(entry for change, entry in entries if not _names(hand, change, entry)))
        for title, entries in keep_groups(release)
    ]
    return [group for group in kept if group.entries]


def _names(hand: str, change: Change, entry: str) -> bool:
    text = hand.casefold()
    references = re.findall(r"[#!]\d+", f"{change.description} {' '.join(name for _, name in change.references)}")
    known = [change.description.casefold(), *(short for _, short in change.commits)]
    return (
        entry in hand
        or any(word and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in known)
        or any(re.search(rf"{re.escape(name)}(?!\d)", hand) for name in references)
    )


def _holds(body: str, plan: Outline, release: Release) -> bool:
    pending = plan.unreleased
    waiting = plan.text[pending.end : plan.end_of(pending)].strip() if pending else ""
    return not waiting and not _missing(body, release)


def _body(groups: list[Group], release: Release, mark: str, detailed: str) -> str:
    parts = [group.text(mark) for group in groups]
    if not parts:
        parts = [f"### Changed\n\n{bullets([safe(release.headline, link=release.address)], mark)}"]
    return "\n\n".join(filter(None, [*parts, detailed]))


def _around(plan: Outline, pending: Heading, heading: str, groups: list[Group], detailed: str) -> dict[int, str]:
    """Return the insertions that make the text under Unreleased the new section."""
    text, end = plan.text, plan.end_of(pending)
    first_line = text[pending.end : end].partition("\n")[0]
    found = {pending.end: f"\n{heading}\n" if not first_line.strip() else f"\n{heading}\n\n"}
    stop = pending.end + len(text[pending.end : end].rstrip())
    inside = [h for h in plan.headings if pending.end <= h.start < stop]
    rest: list[str] = []
    for group in groups:
        home = next((h for h in inside if h.text.casefold() == group.title.casefold()), None)
        if home is None:
            rest.append(group.text(bullet(plan)))
            continue
        until = min((h.start for h in inside if h.start > home.start), default=stop)
        content = text[home.end : until].rstrip()
        at = home.end + len(content) if content else home.start + len(text[home.start : home.end].rstrip())
        last = content.rpartition("\n")[2].lstrip()
        gap = "\n" if re.match(r"[-*+] ", last) else "\n\n"
        found[at] = found.get(at, "") + gap + bullets(group.entries, _mark(content) or bullet(plan))
    tail = "".join(f"\n\n{part}" for part in [*rest, detailed] if part)
    if tail:
        found[stop] = found.get(stop, "") + tail
    return found


def _mark(content: str) -> str:
    match = re.search(r"^([-*+]) ", content, re.MULTILINE)
    return match[1] if match else ""


def _references(plan: Outline, release: Release, insertions: dict[int, str]) -> list[Edit]:
    """Add the link reference of the release, in the form that the document's references have.

    Returns:
        The replacement that moves `[Unreleased]` on to the new tag, if any.
    """
    pending = next((ref for ref in plan.references if ref.label.casefold() == "unreleased"), None)
    previous = next((ref for ref in plan.references if re.match(r"v?\d+(?:\.\d+)+", ref.label)), None)
    model = pending or previous
    if model is None:
        return []
    label = f"v{release.version}" if previous and previous.label.startswith("v") else release.version
    address = _address(pending, previous, release)
    known = any(ref.label.casefold() == label.casefold() for ref in plan.references)
    if address and not known:
        line = f"{plan.text[model.start : model.at].partition('[')[0]}[{label}]: {address}"
        at = pending.end if pending else model.start
        text = f"{line}\n" if at == model.start or plan.text[:at].endswith("\n") else f"\n{line}"
        insertions[at] = insertions.get(at, "") + text
    moved = _PAIR.search(pending.url) if pending else None
    if pending is None or moved is None:
        return []
    start = pending.at + moved.start("old")
    return [Edit(start, start + len(moved["old"]), _tag(release))]


def _address(pending: Reference | None, previous: Reference | None, release: Release) -> str | None:
    pair = _PAIR.search(pending.url) if pending else None
    if pending and pair:
        return pending.url[: pair.start("new")] + _tag(release) + (pair["rest"] or "")
    pair = _PAIR.search(previous.url) if previous else None
    if previous and pair:
        start = previous.url[: pair.start("old")]
        return f"{start}{pair['new']}{pair['dots']}{_tag(release)}{pair['rest'] or ''}"
    if release.links is None:
        return None
    if release.previous_tag:
        return release.links.compare(release.previous_tag, release.tag)
    return release.links.tag(release.tag)


def _tag(release: Release) -> str:
    from urllib.parse import quote  # lazily: only documents with link references need it

    return quote(release.tag, safe="/")
