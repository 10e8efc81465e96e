"""The form in which a document says that something is complete, learned from what it says already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from vwmp_release.support.textfile import Edit

from . import status
from .entries import Entry
from .release import Release
from .status import State

_LINK = re.compile(r"\s+[-–—|·]\s+\[")


class Form(NamedTuple):
    """How completion is written after a title.

    Args:
        separator: What stands between title and marker.
        words: The marker; empty where only the version is shown.
        dated: Whether the date follows it.
        version: Form of the version note, `{}` for the version; empty where none is shown.
    """

    separator: str
    words: str
    dated: bool
    version: str

    def render(self, release: Release) -> str:
        """Return the text for a release.

        Args:
            release: What is released.
        """
        date = f"({release.date})" if self.dated else ""
        version = self.version.replace("{}", release.version)
        return self.separator + " ".join(part for part in (self.words, date, version) if part)


def complete(entry: Entry, peers: Sequence[Entry], sisters: Sequence[Entry], release: Release) -> list[Edit]:
    """Return the edits that mark an open entry as complete.

    Args:
        entry: The entry.
        peers: All entries of its document, in order.
        sisters: Status fields of other documents, looked at where its own shows no form.
        release: What is released.
    """
    if entry.state is not State.OPEN:
        return []
    if entry.kind == "item":
        return _item(entry, peers, release)
    return _value(entry, peers, sisters, release) if entry.status else []


def _value(entry: Entry, peers: Sequence[Entry], sisters: Sequence[Entry], release: Release) -> list[Edit]:
    found = entry.status
    if found is None:
        return []
    form = _field_form(entry, peers, sisters) if entry.kind == "field" else _row_form(entry, peers)
    if found.version_note and not form.version:
        form = form._replace(version=status.version_form(found.version_note))
    text = " ".join([form.render(release), *found.lasting_notes])
    start, end = found.start, found.end
    if entry.kind == "row":  # a padded cell keeps its width
        end = entry.tail
        text = f"{text} ".ljust(end - start)
    return [Edit(entry.line.start + start, entry.line.start + end, text)]


def _item(entry: Entry, peers: Sequence[Entry], release: Release) -> list[Edit]:
    start, found = entry.line.start, entry.status
    edits = [Edit(start + entry.box, start + entry.box + 1, "x")] if entry.box >= 0 else []
    if found and found.state is State.DONE and found.version_note:
        return edits  # says it all but for the box
    if entry.note:  # the version that was planned
        shown = status.version_form(entry.note).replace("{}", release.version)
        return [*edits, Edit(start + entry.tail - len(entry.note), start + entry.tail, shown)]
    form = _item_form(entry, peers)
    if found is None:
        return [*edits, Edit(start + entry.tail, start + entry.tail, form.render(release))]
    if not entry.style:  # the status stands first, the name in a link after it
        form = form._replace(separator="")
    text = " ".join([form.render(release), *found.lasting_notes])
    return [*edits, Edit(start + found.start, start + found.end, text)]


def _item_form(entry: Entry, peers: Sequence[Entry]) -> Form:
    found = entry.status
    alike = (peer for peer in _nearest(entry, peers) if _shows(peer) and _akin(peer, entry))
    learned = next((_form(peer) for peer in alike if found is None or peer.status), None)
    if learned:
        return learned
    is_task = len(entry.key) > 2
    if found is None:
        return Form(" ", "" if is_task else "✅ COMPLETE", not is_task, "(v{})")
    words = "✅ COMPLETE" if found.word.isupper() else "✅ Complete"
    linked = found.marked and _LINK.match(entry.line.text, found.end) is not None
    kept = linked or entry.box < 0 or not entry.style
    return Form(found.separator if kept else " ", words, linked or not is_task, "(v{})")


def _field_form(entry: Entry, peers: Sequence[Entry], sisters: Sequence[Entry]) -> Form:
    near = [peer for peer in _nearest(entry, peers) if peer.status and peer.status.state is State.DONE]
    fields = (peer for peer in near if peer.kind == "field")
    others = (peer for peer in sisters if peer.status and peer.status.state is State.DONE)
    words = (peer for peer in near if peer.kind == "item")
    for found in (next(fields, None), next(words, None), next(others, None)):
        if found and found.status:
            form = _form(found)._replace(separator="")
            return form if found.kind == "field" else form._replace(dated=False, version="")
    return _plain(entry)


def _row_form(entry: Entry, peers: Sequence[Entry]) -> Form:
    rows = (peer for peer in _nearest(entry, peers) if peer.kind == "row" and peer.state is State.DONE)
    found = next(rows, None)
    return _form(found)._replace(separator="") if found else _plain(entry)


def _plain(entry: Entry) -> Form:
    found = entry.status
    word = "Complete" if found and not found.word.isupper() else "COMPLETE"
    return Form("", f"✅ {word}" if found and found.marked else word, False, "")


def _form(peer: Entry) -> Form:
    found = peer.status
    if found is None:
        return Form(" ", "", False, status.version_form(peer.note))
    return Form(found.separator, found.text, found.dated, status.version_form(found.version_note))


def _shows(peer: Entry) -> bool:
    return (
        peer.kind == "item"
        and peer.state is State.DONE
        and bool(peer.note or (peer.status and peer.status.version_note))
    )


def _akin(peer: Entry, entry: Entry) -> bool:
    alike = peer.style == entry.style or not entry.style
    return alike and len(peer.key) == len(entry.key) and peer.key[0] == entry.key[0]


def _nearest(entry: Entry, peers: Sequence[Entry]) -> list[Entry]:
    here = next(index for index, peer in enumerate(peers) if peer is entry)
    return [*reversed(peers[:here]), *peers[here + 1 :]]
