"""The current and the next version of a repository, and why; only `set_version` writes anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from vwmp_release.errors import PermanentError

from .commits.reverts import ancestors
from .commits.why import Row, explain
from .files.targets import Found, detect, from_config, read_all
from .ground import Ground, survey
from .versions import registry
from .versions.decision import Decision, Request, Situation, decide
from .versions.policy import from_config as policy_from_config
from .versions.policy import highest
from .versions.scheme import Scheme
from .versions.version import Version


class VersionAnswer(NamedTuple):
    """What a release would be.

    Args:
        current: The version now; None where neither tag nor file says one.
        next: The version to release; None where there is nothing to release.
        bump: The level that was applied; `first`, `graduate` or `version` where none was.
        scheme: Name of the version scheme.
        tag_template: Form of the tags, with `{version}`.
        previous_tag: Tag of the last release; None for the first.
        rows: The commits since then with the rule that each met, oldest first.
        reason: The rule that decided, or why there is nothing to release.
        tag: Name of the tag to make; None where there is nothing to release.
        warnings: What deserves attention, a sentence each.
        found: Where the version stands in files.
    """

    current: str | None
    next: str | None
    bump: str
    scheme: str
    tag_template: str
    previous_tag: str | None
    rows: tuple[Row, ...]
    reason: str
    tag: str | None = None
    warnings: tuple[str, ...] = ()
    found: tuple[Found, ...] = ()


def version_files(root: Path, config: Mapping[str, Any]) -> list[Found]:
    """Read the versions of the files that a configuration names, or of those found.

    Args:
        root: The repository's root.
        config: `version_file` and `version_files`, both optional.

    Raises:
        PermanentError: A file is missing, or holds too few or too many versions.
    """
    single, several = config.get("version_file"), config.get("version_files")
    if not single and not several:
        return read_all(root, detect(root))
    named = from_config(root, [single], "version_file") if single else []
    named += [target for target in from_config(root, several or []) if target not in named]
    return read_all(root, named)


def current_and_next(root: Path, config: Mapping[str, Any], *, run_date: datetime) -> VersionAnswer:
    """Return the current and the next version; nothing is written.

    Args:
        root: Root of a work tree.
        config: The configuration of `release.version_bump`.
        run_date: The run's clock, for schemes that count by date; those of this plugin do not.

    Raises:
        PermanentError: The version cannot be determined; says what to do.
        UsageError: The folder is in no repository.
    """
    request = _request(config)
    ground = survey(root, config, version_files(root, config), request)
    situation = Situation(
        ground.scheme,
        ground.file,
        ground.span.base.version if ground.span.base else None,
        [tag.version for tag in ground.span.passed],
        [tag.version for tag in ground.tags],
    )
    current = situation.current
    major = current.numbers[0] if current else 0
    policy = policy_from_config(ground.scheme, major, config.get("zero_version"))
    rows = explain(ground.span.commits, policy)
    situation = _with_levels(situation, ground, rows)
    if current is None and ground.tags and not request.version:
        raise _unreachable(ground)
    decision = decide(situation, request)
    return _answer(ground, situation, decision, rows)


def _request(config: Mapping[str, Any]) -> Request:
    level = config.get("increment_type") or "auto"
    request = Request(
        level=level,
        version=str(config.get("version") or ""),
        channel=str(config.get("prerelease") or ""),
        graduate=bool(config.get("graduate")),
        reset_build=config.get("reset_build", True) is not False,
        first=str(config.get("first_version") or "0.1.0"),
        task=str(config.get("task") or ""),
    )
    if request.graduate and (request.channel or level.startswith("pre")):
        raise PermanentError("a prerelease is asked for, and that one becomes stable", hint="give only one of the two")
    return request


def _with_levels(situation: Situation, ground: Ground, rows: Sequence[Row]) -> Situation:
    level = highest(row.level for row in rows)
    fresh = _fresh_rows(ground, rows, situation.current)
    decisive = next((row for row in rows if row.level and row.level == level), None)
    reason = f"{decisive.rule} ({decisive.short} {decisive.subject})" if decisive else ""
    return situation._replace(level=level, fresh=highest(row.level for row in fresh), reason=reason)


def _fresh_rows(ground: Ground, rows: Sequence[Row], current: Version | None) -> Sequence[Row]:
    """Return the rows of commits that the current version's tag does not hold."""
    by_sha = {commit.sha: commit for commit in ground.span.commits}
    tag = next((tag for tag in ground.span.passed if tag.version == current and tag.commit in by_sha), None)
    if tag is None:
        return rows
    held = ancestors([tag.commit], by_sha)
    return [row for row in rows if row.commit.sha not in held]


def _unreachable(ground: Ground) -> PermanentError:
    newest = max(ground.tags, key=lambda tag: ground.scheme.key(tag.version))
    return PermanentError(
        f"no release tag is part of this branch's history, though {newest.name} exists",
        why="without version files nothing says which version this branch is at",
        hint="merge the commit of the last release, or say the version yourself: --version X",
    )


def _answer(ground: Ground, situation: Situation, decision: Decision, rows: Sequence[Row]) -> VersionAnswer:
    scheme, current = ground.scheme, situation.current
    new = scheme.render(decision.new) if decision.new else None
    tag = ground.template.replace("{version}", new) if new else None
    if tag is not None and tag in ground.names:
        raise PermanentError(
            f"the next version is {new}, but the tag {tag} exists already",
            why=f"it names the commit {ground.names[tag][:7]}",
            hint=f"ask for another version (--version X), or delete the tag if it is wrong: git tag -d {tag}",
        )
    base = ground.span.base
    return VersionAnswer(
        scheme.render(current) if current else None,
        new,
        decision.bump,
        scheme.name,
        ground.template,
        base.name if base else None,
        tuple(rows),
        decision.rule if new else _nothing(rows, base.name if base else ""),
        tag,
        (*ground.warnings, *_disagreement(ground, situation)),
        tuple(ground.found),
    )


def _nothing(rows: Sequence[Row], tag: str) -> str:
    since = f" since {tag}" if tag else ""
    if not rows:
        return f"nothing to release: no commits{since}"
    commits = f"{len(rows)} commit" + ("s" if len(rows) > 1 else "")
    return f"nothing to release: {commits}{since}, none of which asks for a release"


def _disagreement(ground: Ground, situation: Situation) -> list[str]:
    """Return a warning where files and tags tell different versions."""
    file, tagged = situation.file, situation.tagged
    if file is None or not ground.tags or file in (situation.base, *situation.passed):
        return []
    place, says = ground.found[0].place, ground.found[0].match.text
    if tagged is None:
        return [f"{place} says {says}; release tags exist, but none is part of this branch's history"]
    start, last = ground.scheme.render(situation.current or file), ground.scheme.render(tagged)
    return [f"{place} says {says}, the last release is {last}; this one starts from {start}"]


def set_version(root: Path, config: Mapping[str, Any], version: str) -> list[str]:
    """Write a version into the version files, which need not agree; needs neither tags nor commits.

    Args:
        root: Root of a work tree.
        config: The configuration of `release.version_bump`.
        version: The version to write.

    Returns:
        The paths of the files that changed.

    Raises:
        PermanentError: There is no version file, or the scheme cannot read the version.
    """
    from .files.writing import write_all  # lazily: answers need no writing

    found = version_files(root, config)
    if not found:
        raise PermanentError("no version file was found", hint="name one as `version_files` in the configuration")
    parts = any(item.match.parts for item in found)
    name = config.get("scheme") or ("epic" if parts else registry.recognise(found[0].match.text))
    scheme: Scheme = registry.get(name)
    return write_all(root, found, scheme.render(scheme.parse(version)))


def commits_since_release(root: Path, config: Mapping[str, Any]) -> Ground:
    """Return what is known of a repository, the commits since its last stable release included.

    Args:
        root: Root of a work tree.
        config: The configuration of `release.version_bump`, or none.

    Raises:
        PermanentError: The history is incomplete, or version files are wrong.
        UsageError: The folder is in no repository.
    """
    return survey(root, config, version_files(root, config), Request())
