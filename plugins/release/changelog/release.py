"""The release as its texts see it: what the steps before gave, with what the step's own configuration sets over it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from vwmp_release.errors import PermanentError
from vwmp_release.support import placeholders

from . import dates
from .changes import Change, collapse
from .labels import kind_of
from .links import Links, links

if TYPE_CHECKING:
    from vwmp_release.interfaces import RepositoryPort, StepContext

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+!_-]*")
_TASK = re.compile(r"\bE(\d{1,3}):?S(\d{1,3}):?T(\d{1,3})\b")


class Release(NamedTuple):
    """What is released.

    Args:
        version: Without a tag prefix.
        date: When, UTC.
        tag: The tag it gets.
        previous_tag: The tag of the release before; None for a first release.
        summary: One line; empty when nothing says it.
        told: Whether a person gave the summary.
        change_type: A key of `labels.LABELS`.
        details: What a person wrote about the changes; several lines.
        changes: The commits, oldest first, each change once.
        links: The project's addresses; None where its forge is not known.
        branch: The branch that is released.
        tasks: Task ids as they were written, each task once.
    """

    version: str
    date: datetime
    tag: str
    previous_tag: str | None = None
    summary: str = ""
    told: bool = False
    change_type: str = "maintenance"
    details: str = ""
    changes: tuple[Change, ...] = ()
    links: Links | None = None
    branch: str | None = None
    tasks: tuple[str, ...] = ()

    @property
    def listed(self) -> list[Change]:
        """The changes that the notes name: those that counted, and every breaking one."""
        return [change for change in self.changes if change.listed]

    @property
    def headline(self) -> str:
        """The summary, or what stands in for it."""
        if self.summary:
            return self.summary
        return next((change.description for change in self.listed), f"Release {self.version}")

    def address(self, reference: str) -> str | None:
        """Return the address of a reference such as `#12`; None where it has none.

        Args:
            reference: As a commit writes it.
        """
        return self.links.reference(reference) if self.links else None


def release(context: StepContext) -> Release:
    """Return the release that a step writes about.

    Args:
        context: The step's context.

    Raises:
        PermanentError: No version is known, or a version or date in the configuration cannot be used.
    """
    config, parameters = context.step_config, context.parameters
    version = _version(context)
    told = str(config.get("summary") or parameters.get("summary") or "")
    summary = told or str(context.find_output("summary", ""))
    given: list[Mapping[str, Any]] = context.find_output("commits", [])
    changes = tuple(collapse(Change.of(commit) for commit in given))
    kind = parameters.get("change_type") or context.find_output("change_type")
    details = str(parameters.get("detailed_changes") or "")
    wanted = parameters.get("tasks") or parameters.get("task") or context.find_output("task") or ()
    said = [str(task) for task in ([wanted] if isinstance(wanted, str) else wanted)]
    texts = [text for change in changes if change.verdict != "reverted" for text in (change.description, change.body)]
    own = version == context.find_output("new_version", version)
    return Release(
        version=version,
        date=dates.parse(str(config["date"])) if config.get("date") else context.run.started_at,
        tag=_tag(context, version),
        previous_tag=context.find_output("previous_tag") if own else None,
        summary=summary,
        told=bool(told),
        change_type=str(kind or kind_of(change.type for change in changes if change.listed)),
        details=details.strip(),
        changes=changes,
        links=links(_remote(context)),
        branch=context.branch,
        tasks=task_ids([*said, summary, details, *texts]),
    )


def task_ids(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the task ids in texts, as written (`E01:S01:T002`, `E01S3T001`), each task once, in order.

    Args:
        texts: Subjects, bodies and the like.
    """
    found: dict[tuple[int, ...], str] = {}
    for text in texts:
        for match in _TASK.finditer(text):
            found.setdefault(tuple(int(number) for number in match.groups()), match[0])
    return tuple(found.values())


def _version(context: StepContext) -> str:
    version = str(context.step_config.get("version") or context.find_output("new_version", ""))
    if not version:
        raise PermanentError(
            "there is no version to write about",
            hint="let release.version_bump run before this step, or set version in its config",
        )
    if not _VERSION.fullmatch(version):
        raise PermanentError(f"version: {version!r} cannot be part of a file name or a heading")
    return version


def _tag(context: StepContext, version: str) -> str:
    tag = context.find_output("tag")
    if tag and version == context.find_output("new_version", version):
        return str(tag)
    template = str(context.find_output("tag_template", "v{version}"))
    return placeholders.fill(template, {"version": version}, where="tag_template")


def _remote(context: StepContext) -> str | None:
    if "git" not in context.adapters:
        return None
    return cast("RepositoryPort", context.adapters["git"]).remote_url()
