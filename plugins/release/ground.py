"""What a repository says about its versions: files, tags, scheme, and the commits since the last release."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from vwmp_release.errors import PermanentError
from vwmp_release.support import git

from .commits import tags as tag_names
from .commits.history import Span, since_release
from .commits.tags import ReleaseTag, TagName
from .files.targets import Found, agreed
from .versions import registry
from .versions.decision import Request
from .versions.scheme import Scheme
from .versions.version import Version, channel_of


class Ground(NamedTuple):
    """What a repository says.

    Args:
        found: Where the version stands in files.
        file: What it is there; None without files.
        scheme: The version scheme.
        tags: All release tags.
        names: Commit by name of every tag.
        template: Form of the release tags, with `{version}`.
        span: The commits since the last release.
        warnings: What deserves attention, a sentence each.
    """

    found: Sequence[Found]
    file: Version | None
    scheme: Scheme
    tags: Sequence[ReleaseTag]
    names: Mapping[str, str]
    template: str
    span: Span
    warnings: tuple[str, ...] = ()


def survey(root: Path, config: Mapping[str, Any], found: Sequence[Found], request: Request) -> Ground:
    """Look at a repository: three calls to git where history is a line, a fourth where it has merges.

    Args:
        root: Root of a work tree.
        config: The configuration of `release.version_bump`.
        found: Where the version stands in files.
        request: What the user asks for; decides which releases begin the range.

    Raises:
        PermanentError: Files disagree, a version cannot be read, or the history is incomplete.
        UsageError: The folder is in no repository.
    """
    location = git.locate(root)
    text = agreed(found)
    names = tag_names.listing(root) if location.head else []
    scheme = _scheme(config, text, found, names, request)
    template = str(config.get("tag_template") or "")
    all_tags = tag_names.matching(names, template, scheme) if template else tag_names.candidates(names, scheme)
    tags: Sequence[ReleaseTag] = all_tags
    span = Span(None, [], [])
    if location.head:
        counts = _begins_range(scheme, request)
        span = since_release(root, location.head, tags, scheme, counts, shallow=location.shallow)
        tags = _own(all_tags, span)
        if tags is not all_tags:
            span = since_release(root, location.head, tags, scheme, counts, shallow=location.shallow)
    if not span.complete:
        raise _incomplete()
    learned, warnings = _learn(all_tags, span, scheme)
    file = _read(scheme, text, found) if text is not None else None
    commits = {tag.name: tag.commit for tag in names}
    return Ground(found, file, scheme, tags, commits, template or learned, span, () if template else warnings)


def _scheme(
    config: Mapping[str, Any], text: str | None, found: Sequence[Found], names: Sequence[TagName], request: Request
) -> Scheme:
    if config.get("scheme"):
        return registry.get(str(config["scheme"]))
    if request.task or any(item.match.parts for item in found):
        return registry.get("epic")
    if text is not None:
        try:
            return registry.get(registry.recognise(text))
        except PermanentError as error:
            raise _placed(error, found) from error
    for name in ("semver", "four-part"):
        scheme = registry.get(name)
        if tag_names.candidates(names, scheme):
            return scheme
    return registry.get(registry.recognise(request.version or request.first))


def _read(scheme: Scheme, text: str, found: Sequence[Found]) -> Version:
    try:
        return scheme.parse(text)
    except PermanentError as error:
        raise _placed(error, found) from error


def _placed(error: PermanentError, found: Sequence[Found]) -> PermanentError:
    return PermanentError(error.what, why=error.why, hint=error.hint, place=found[0].place)


def _begins_range(scheme: Scheme, request: Request) -> Callable[[Version], bool]:
    """Return what says of a version whether the commits after its release are those of this one.

    A stable release holds everything since the last stable one, a prerelease everything since the last of its channel.
    """
    if not scheme.monotonic or (request.level.startswith("pre") and not request.channel):
        return lambda version: True
    if request.channel:
        return lambda version: not scheme.is_prerelease(version) or channel_of(version) == request.channel
    return lambda version: not scheme.is_prerelease(version)


def _nearest(span: Span) -> ReleaseTag | None:
    order = {commit.sha: place for place, commit in enumerate(span.commits)}
    passed = [tag for tag in span.passed if tag.commit in order]
    return min(passed, key=lambda tag: order[tag.commit], default=span.base)


def _own(tags: Sequence[ReleaseTag], span: Span) -> Sequence[ReleaseTag]:
    """Return the tags with the prefix of the nearest one, where each prefix may be another part's."""
    nearest = _nearest(span)
    if nearest is None or nearest.prefix in {"v", ""} or len({tag.prefix for tag in tags}) < 2:
        return tags
    return [tag for tag in tags if tag.prefix == nearest.prefix]


def _learn(tags: Sequence[ReleaseTag], span: Span, scheme: Scheme) -> tuple[str, tuple[str, ...]]:
    """Return the template that existing tags follow, and a warning where they follow several."""
    if not tags:
        return tag_names.DEFAULT_TEMPLATE, ()
    recent = _nearest(span) or max(tags, key=lambda tag: scheme.key(tag.version))
    template = f"{recent.prefix}{{version}}"
    other = next((tag for tag in reversed(tags) if tag.prefix != recent.prefix), None)
    if other is None:
        return template, ()
    warning = (
        f"release tags have different prefixes, e.g. {other.name} and {recent.name}; the most recent one, "
        f'{recent.name}, decides: set `tag_template: "{template}"` to say so'
    )
    return template, (warning,)


def _incomplete() -> PermanentError:
    return PermanentError(
        "history incomplete: the clone is shallow, and the last release is not in it",
        hint="git fetch --unshallow --tags; with actions/checkout: `fetch-depth: 0`",
    )
