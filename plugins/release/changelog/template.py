"""Renders a release's section with a Jinja2 template of the repository, in Jinja's sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vwmp_release.errors import PermanentError, Place
from vwmp_release.support import textfile

from .changes import Change
from .labels import label
from .markdown import safe, safe_block
from .release import Release
from .sections import Section, conventional_groups, entry


def render(path: Path, release: Release, date: str, *, detailed: str, root: Path) -> Section:
    """Return the section that a template makes; its first line is the heading.

    Args:
        path: The template.
        release: The release.
        date: Its date, rendered.
        detailed: Path of the detailed changelog as a link target, or empty.
        root: Folder that paths are shown relative to.

    Raises:
        PermanentError: Jinja2 is not installed, or the template is wrong, fails or gives nothing.
    """
    try:
        import jinja2  # lazily: an optional extra
        from jinja2.sandbox import ImmutableSandboxedEnvironment
    except ImportError as error:
        raise PermanentError(
            "a changelog template needs Jinja2, which is not installed",
            hint="pip install 'vwmp-release[templates]'",
        ) from error
    name = textfile.shown(path, root)
    source = textfile.read(path).text.removeprefix("\ufeff").replace("\r\n", "\n")
    environment = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    try:
        code = environment.compile(source, name=name, filename=str(path))
        template = jinja2.Template.from_code(environment, code, environment.make_globals(None))
        text = template.render(values(release, date, detailed))
    except jinja2.TemplateSyntaxError as error:
        raise _failure(error, Place(name, error.lineno)) from error
    except Exception as error:  # whatever an expression of the template raises
        raise _failure(error, Place(name, _line(error, str(path)))) from error
    lines = [line.rstrip() for line in text.strip().split("\n")]
    if not lines[0]:
        raise PermanentError("the changelog template gives no text", place=Place(name))
    return Section(lines[0], "\n".join(lines[1:]).strip("\n"))


def values(release: Release, date: str, detailed: str) -> dict[str, Any]:
    """Return what a template can use; every text is safe to stand in Markdown.

    Args:
        release: The release.
        date: Its date, rendered.
        detailed: Path of the detailed changelog as a link target, or empty.
    """
    links = release.links
    compare = links.compare(release.previous_tag, release.tag) if links and release.previous_tag else ""
    groups = [{"title": group.title, "entries": list(group.entries)} for group in conventional_groups(release)]
    return {
        "version": release.version, "date": date, "tag": release.tag, "previous_tag": release.previous_tag or "",
        "compare_url": compare, "summary": safe(release.summary, link=release.address),
        "details": safe_block(release.details, link=release.address), "change_type": release.change_type,
        "label": label(release.change_type), "tasks": list(release.tasks), "detailed": detailed, "groups": groups,
        "commits": [_commit(change, release) for change in release.changes if change.verdict != "reverted"],
    }  # fmt: skip


def _commit(change: Change, release: Release) -> dict[str, Any]:
    sha, short = change.commits[0] if change.commits else ("", "")
    return {
        "type": safe(change.type, leading=False), "scope": safe(change.scope, leading=False),
        "description": safe(change.description, link=release.address),
        "breaking": [safe(text, link=release.address) for text in change.breaking], "listed": change.listed,
        "references": [safe(name, leading=False) for _, name in change.references], "sha": sha, "short": short,
        "url": release.links.commit(sha) if release.links and sha else "", "entry": entry(change, release),
    }  # fmt: skip


def _failure(error: Exception, place: Place) -> PermanentError:
    words = getattr(error, "message", None) or str(error) or type(error).__name__
    return PermanentError(f"the changelog template cannot be used: {words}", place=place)


def _line(error: BaseException, filename: str) -> int:
    line, frame = 0, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == filename:
            line = frame.tb_lineno
        frame = frame.tb_next
    return line
