"""Runs one validator and says how it ended."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from vwmp_release.errors import PermanentError, StepError, nearest
from vwmp_release.interfaces import Annotation, StepContext, StepStatus
from vwmp_release.support import git, process

from .annotations import findings
from .items import CHECKS, Validator

_MAX_LINES = 200
_MAX_BYTES = 64 * 1024
_MAX_FINDINGS = 500
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Outcome:
    """How a validator ended.

    Args:
        name: Its name.
        reason: Why it failed, or why a check was skipped; empty when it passed.
        skipped: Whether a check had nothing to look at.
        lines: The last lines of its output.
        annotations: Its findings.
    """

    name: str
    reason: str = ""
    skipped: bool = False
    lines: tuple[str, ...] = ()
    annotations: tuple[Annotation, ...] = field(default=())

    @property
    def failed(self) -> bool:
        """Whether it failed."""
        return bool(self.reason) and not self.skipped


def environment(context: StepContext) -> dict[str, str]:
    """Return the environment of validators: ours, without what points git elsewhere, with the versions.

    Args:
        context: The step's context.
    """
    env = git.environment()
    for key in ("LC_ALL", "LANGUAGE"):  # a validator speaks the user's language
        env.pop(key)
        if key in os.environ:
            env[key] = os.environ[key]
    known = {
        "VWMP_VERSION": context.find_output("new_version"),
        "VWMP_PREVIOUS_VERSION": context.find_output("old_version"),
        "VWMP_TAG": context.find_output("tag_name") or context.find_output("tag"),
    }
    return env | {key: str(value) for key, value in known.items() if value}


def run(validator: Validator, env: Mapping[str, str], roots: tuple[Path, ...], *, strict: bool) -> Outcome:
    """Run a script or a command to its end.

    Args:
        validator: What to run.
        env: Its whole environment.
        roots: Folders that paths in findings are made relative to.
        strict: Whether a warning fails.
    """
    try:
        done = process.run(validator.argv, cwd=validator.root, env=env, timeout=validator.timeout, check=False)
    except StepError as error:
        return Outcome(validator.name, error.what)
    except ValueError as error:  # an argument that the system cannot take
        return Outcome(validator.name, f"cannot start it: {error}")
    lines = _lines(done.stdout) + _lines(done.stderr)
    found = findings(lines, (validator.root, *roots), otherwise="error" if done.returncode else "warning")
    kept = tuple(islice(found, _MAX_FINDINGS))
    more = sum(1 for _ in found)
    reason = _why(done, validator, kept, strict)
    said = _last(lines) + ((f"({more} more findings)",) if more else ())
    return Outcome(validator.name, reason, False, said, kept)


def check(validator: Validator, context: StepContext, *, strict: bool) -> Outcome:
    """Run a built-in check.

    Args:
        validator: The check.
        context: The step's context.
        strict: Whether a warning fails.

    Raises:
        PermanentError: No plugin has registered it.
    """
    config = {}
    if validator.check == "branch_context" and context.step_config.get("branch_pattern"):
        config["branch_pattern"] = context.step_config["branch_pattern"]
    try:
        result = context.call(f"check.{validator.check}", config)
    except StepError as error:
        return Outcome(validator.name, str(error))
    if result is None:
        raise PermanentError(
            f"{validator.check!r} is neither a file nor the name of a check",
            hint=nearest(validator.check, [name for name in CHECKS if name != validator.check]),
        )
    lines, found = tuple(result.logs[-_MAX_LINES:]), tuple(result.annotations)
    if result.status is StepStatus.SKIPPED:
        return Outcome(validator.name, result.error or "nothing to check", True, lines, found)
    reason = "" if result.status is StepStatus.SUCCESS else result.error or "it failed"
    return Outcome(validator.name, reason or _worst(found, strict), False, lines, found)


def _why(done: process.Completed, validator: Validator, found: tuple[Annotation, ...], strict: bool) -> str:
    if done.timed_out:
        return f"did not end within {validator.timeout:g} s"
    if done.returncode < 0:
        return f"ended by signal {-done.returncode}"
    return f"exit status {done.returncode}" if done.returncode else _worst(found, strict)


def _worst(found: tuple[Annotation, ...], strict: bool) -> str:
    errors = sum(1 for annotation in found if annotation.level == "error")
    warnings = sum(1 for annotation in found if annotation.level == "warning")
    if errors:
        return f"it reports {_count(errors, 'error')}"
    return f"it reports {_count(warnings, 'warning')}, which fails in strict mode" if warnings and strict else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _lines(raw: bytes) -> list[str]:
    text = raw.decode("utf-8", "replace")
    return [line.rstrip() for line in _LINE_END.split(text.rstrip("\r\n"))] if text.strip() else []


def _last(lines: list[str]) -> tuple[str, ...]:
    kept: list[str] = []
    room = _MAX_BYTES
    for line in reversed(lines[-_MAX_LINES:]):
        room -= len(line.encode("utf-8", "replace")) + 1
        if room < 0:
            break
        kept.insert(0, line)
    cut = len(lines) - len(kept)
    return (f"({_count(cut, 'earlier line')} cut)", *kept) if cut else tuple(kept)
