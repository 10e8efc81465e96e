"""What is released: version, date, summary and tasks, from the step's configuration and the steps before it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import StepContext

from . import ids
from .ids import Key

_VERSION = re.compile(r"v?(\d[0-9A-Za-z.+-]*)")
_TEXTS = ("subject", "description", "message", "body")


class Release(NamedTuple):
    """What documents are told about a release.

    Args:
        version: The version, without `v`.
        date: Its date, YYYY-MM-DD.
        time: Its time, HH:MM:SS, UTC.
        summary: One line; empty when there is none.
        tasks: The released tasks, as they are named, by their numbers.
    """

    version: str
    date: str
    time: str
    summary: str
    tasks: dict[Key, str]


def read(context: StepContext) -> Release:
    """Collect what is released.

    Args:
        context: The step's context.

    Raises:
        PermanentError: No version is known for the tasks, or a configured value has the wrong form; all at once.
    """
    config = context.step_config
    problems: list[str] = []
    tasks = _tasks(context, problems)
    version = str(config.get("version") or context.find_output("new_version") or "").strip()
    match = _VERSION.fullmatch(version)
    if version and not match:
        problems.append(f"version: {version!r} is no version")
    if not version and tasks:
        problems.append("no version is known: set version, or run the step after one that gives new_version")
    day, clock = _date(context, problems)
    if problems:
        raise PermanentError("; ".join(problems), hint="correct the configuration of the step")
    summary = config.get("summary") or context.find_output("summary") or context.parameters.get("summary") or ""
    return Release(match[1] if match else "", day, clock, " ".join(str(summary).split()), tasks)


def _date(context: StepContext, problems: list[str]) -> tuple[str, str]:
    given = context.step_config.get("date")
    if given is None:
        started = context.run.started_at
        return started.strftime("%Y-%m-%d"), started.strftime("%H:%M:%S")
    try:
        return date.fromisoformat(str(given)).isoformat(), "00:00:00"
    except ValueError:
        problems.append(f"date: {str(given)!r} is no date, write YYYY-MM-DD")
        return "", ""


def _tasks(context: StepContext, problems: list[str]) -> dict[Key, str]:
    given = context.step_config.get("tasks")
    if given is not None:
        return _given(given, problems)
    named = [str(task) for task in _listed(context.find_output("tasks"))]
    named += [str(task) for task in _listed(context.find_output("task"))]
    named += _messages(_listed(context.find_output("commits")))
    named += [str(context.parameters.get(name) or "") for name in ("summary", "detailed_changes")]
    return {key: name for text in named for key, name in ids.tasks_in(text).items()}


def _given(items: Iterable[Any], problems: list[str]) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for item in items:
        key = ids.task(str(item))
        if key:
            found.setdefault(key, str(item).strip())
        else:
            problems.append(f"tasks: {str(item)!r} is no task id such as E01:S01:T002")
    return found


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return list(value)
    return [] if value is None else [value]


def _messages(commits: list[Any]) -> list[str]:
    """Return the texts of commits; what was reverted before the release is no part of it."""
    counted = (commit for commit in commits if isinstance(commit, dict) and commit.get("verdict") != "reverted")
    return ["\n".join([*(str(commit.get(key) or "") for key in _TEXTS), *_footers(commit)]) for commit in counted]


def _footers(commit: dict[str, Any]) -> list[str]:
    """Return the footers as lines; `Epic: 1 | Story: 4 | Task: 7` may stand among them."""
    return [
        ": ".join(map(str, footer)) for footer in _listed(commit.get("footers")) if isinstance(footer, list | tuple)
    ]
