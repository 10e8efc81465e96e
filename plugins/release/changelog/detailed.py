"""The detailed changelog: one file per release; its text, and the check of its fields."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from vwmp_release.interfaces import Annotation
from vwmp_release.support import textfile

from .labels import label
from .markdown import safe, safe_block
from .release import Release
from .sections import bullets, conventional_groups

FOLDER = "KB/Changelog_and_Release_Notes/Changelog_Archive"
_FORMS = {"full_timestamp": "%Y-%m-%d %H:%M:%S UTC", "date_only": "%Y-%m-%d"}
_SHAPES = {
    "full_timestamp": (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"), "YYYY-MM-DD HH:MM:SS UTC"),
    "date_only": (re.compile(r"\d{4}-\d\d-\d\d"), "YYYY-MM-DD"),
}
_EPIC = re.compile(r"(?:^|[/_-])epic[/_-]?(\d+)(?:[-_]([^/]+))?", re.IGNORECASE)
_STORY = re.compile(r"(?:^|[/_-])story[/_-]?(\d+)(?:[-_]([^/]+))?", re.IGNORECASE)
_FIELD = re.compile(r"\s*(?:[-*] )?\*\*(Release Date|Type):?\*\*:?[ \t]*(.*)")
_TASK = re.compile(r"E(\d+):?S(\d+)")


def file_name(version: str) -> str:
    """Return the name of a version's file.

    Args:
        version: The version.
    """
    return f"CHANGELOG_v{version}.md"


def changes(release: Release) -> str:
    """Return what the section Changes holds: the person's words, else the commits by group, else the summary.

    Args:
        release: The release.
    """
    if release.details:
        return safe_block(release.details, link=release.address)
    groups = [group.text("-") for group in conventional_groups(release)]
    return "\n\n".join(groups) or bullets([safe(release.headline, link=release.address)], "-")


def render(release: Release, *, form: str, include_summary: bool, include_tasks: bool) -> str:
    """Return the file's text.

    Args:
        release: The release.
        form: `full_timestamp` or `date_only`.
        include_summary: Whether it has the section Summary.
        include_tasks: Whether it has the section Related Tasks, where there are tasks.
    """
    fields = {
        "Release Date": release.date.strftime(_FORMS[form]),
        "Epic": _named("Epic", _EPIC, release, 1),
        "Story": _named("Story", _STORY, release, 2),
        "Type": label(release.change_type),
    }
    parts = [f"# Changelog v{release.version}"]
    parts += [f"**{name}:** {value}" for name, value in fields.items() if value]
    if include_summary:
        parts += ["## Summary", safe(release.headline, link=release.address)]
    parts += ["## Changes", changes(release)]
    if include_tasks and release.tasks:
        parts += ["## Related Tasks", bullets(release.tasks, "-")]
    return "\n\n".join(parts) + "\n"


def _named(word: str, pattern: re.Pattern[str], release: Release, part: int) -> str:
    match = pattern.search(release.branch or "")
    if match:
        title = " ".join(piece[:1].upper() + piece[1:] for piece in re.split(r"[-_]+", match[2] or "") if piece)
        number = f"{word} {int(match[1])}"
        return f"{number} – {safe(title, leading=False)}" if title else number
    ids = [_TASK.match(task) for task in release.tasks]
    numbers = dict.fromkeys(int(found[part]) for found in ids if found)
    return ", ".join(f"{word} {number}" for number in numbers)


def check(path: Path, *, form: str, root: Path) -> list[Annotation]:
    """Return what is wrong with a detailed changelog: title, release date, type and changes must be there.

    Args:
        path: The file.
        form: The form of the release date, `full_timestamp` or `date_only`.
        root: Folder that paths are shown relative to.
    """
    name = textfile.shown(path, root)
    lines = textfile.read(path).text.removeprefix("\ufeff").split("\n")
    version = path.stem.removeprefix("CHANGELOG_v")
    fields: dict[str, tuple[int, str]] = {}
    sections: set[str] = set()
    title = ""
    for number, line in enumerate(lines, 1):
        field = _FIELD.match(line)
        if field:
            fields.setdefault(field[1], (number, field[2].strip()))
        elif line.startswith("## "):
            sections.add(line[3:].strip())
        elif line.startswith("# ") and not title:
            title = line[2:].strip()
    found: list[tuple[int, str]] = []
    if version not in title:
        found.append((1, f"the title does not name the version {version}: write '# Changelog v{version}'"))
    found += [(1, f"the field **{key}:** is missing") for key in ("Release Date", "Type") if key not in fields]
    found += [(at, f"the field **{key}:** is empty") for key, (at, value) in fields.items() if not value]
    at, date = fields.get("Release Date", (0, ""))
    if date and not _dated(date, form):
        found.append((at, f"the release date is {date!r}: write it as {_SHAPES[form][1]}"))
    if "Changes" not in sections:
        found.append((max(1, len(lines) - 1), "the section '## Changes' is missing"))
    return [Annotation(what, file=name, line=at, title="changelog format") for at, what in sorted(found)]


def _dated(value: str, form: str) -> bool:
    if not _SHAPES[form][0].fullmatch(value):
        return False
    try:
        datetime.strptime(value, _FORMS[form])
    except ValueError:
        return False
    return True
