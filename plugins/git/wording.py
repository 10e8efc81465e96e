"""What the placeholders of commit and tag messages stand for, and the name of the release's tag."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import StepContext
from vwmp_release.support import placeholders

from . import names
from .workspace import output

_DEFAULT_TAG = "v{version}"
_PREFIXED = re.compile(r"(.*?)\d+(?:\.\d+)+.*")
_PARTS = re.compile(r"\D?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.(\d+))?(?P<rest>.*)")
_PRERELEASE = re.compile(r"-|(?:a|b|rc|\.dev)\d+", re.IGNORECASE)
_DANGLING = " \t:-–—"


def version(context: StepContext) -> str:
    """Return the version that is released.

    Args:
        context: The step's context.

    Raises:
        PermanentError: No earlier step gives one.
    """
    found = context.find_output("new_version") or context.find_output("version") or context.parameters.get("version")
    if not found:
        raise PermanentError(
            "there is no version to release",
            hint="let release.version_bump, or a step that gives new_version, run before",
        )
    return str(found)


def values(context: StepContext, tag: str = "") -> dict[str, object]:
    """Return the placeholders of `message_template`.

    Args:
        context: The step's context.
        tag: The tag, where it is known already.
    """
    old = context.find_output("old_version")
    return {
        "version": version(context),
        "tag": tag or context.find_output("tag") or release_tag(context),
        "summary": _line(context.parameters.get("summary") or context.find_output("summary")),
        "type": _line(context.parameters.get("change_type") or context.find_output("change_type")),
        "date": context.run.started_at.strftime("%Y-%m-%d"),
        "old_version": old,
        "previous_version": old,
    }


def message(template: str, given: Mapping[str, object], *, where: str = "message_template") -> str:
    """Fill a message template; the first line does not end in a separator whose text is missing.

    Args:
        template: The template.
        given: The placeholders.
        where: The configuration key, for the message.

    Raises:
        PermanentError: It names an unknown placeholder, or nothing is left of it.
    """
    text = placeholders.fill(template, given, where=where).replace("\0", "").strip("\r\n")
    first, newline, rest = text.partition("\n")
    if not given.get("summary"):
        first = first.rstrip(_DANGLING)
    text = f"{first}{newline}{rest}"
    if not text.strip():
        raise PermanentError(f"{where}: the message is empty")
    return text


def release_tag(context: StepContext) -> str:
    """Return the name of the release's tag: by `tag_template`, else with the prefix that older tags have.

    Args:
        context: The step's context.

    Raises:
        PermanentError: It cannot be a tag's name.
    """
    template = context.step_config.get("tag_template") or context.find_output("tag_template") or _learned(context)
    return names.tag_name(placeholders.fill(str(template), _parts(version(context)), where="tag_template"))


def floating_tags(context: StepContext, tag: str) -> list[str]:
    """Return the names of the tags that move along; a prerelease moves none.

    Args:
        context: The step's context.
        tag: The release's own tag.

    Raises:
        PermanentError: One cannot be a tag's name, or is the release's own.
    """
    released = version(context)
    given = _parts(released)
    if _PRERELEASE.search(str(given["rest"]).partition("+")[0]):
        return []
    found = []
    for template in context.step_config.get("floating") or []:
        name = names.tag_name(placeholders.fill(str(template), {**given, "tag": tag}, where="floating"))
        if name == tag:
            raise PermanentError(
                f"floating: {template!r} is the release's own tag", hint="name a shorter one: v{major}"
            )
        found.append(name)
    return found


def _parts(released: str) -> dict[str, object]:
    match = _PARTS.fullmatch(released)
    numbers = match.groups()[:4] if match else ()
    major, minor, patch, build = (*numbers, None, None, None, None)[:4]
    return {
        "version": released,
        "major": major,
        "minor": minor,
        "patch": patch,
        "fourth": build,
        "rest": match["rest"] if match else "",
    }


def _learned(context: StepContext) -> str:
    tags = output(context, "for-each-ref", "--format=%(refname:strip=2)", "refs/tags").splitlines()
    old = str(context.find_output("old_version") or "")
    ends = [tag for tag in tags if old and tag.endswith(old) and not re.search(r"[\d.]$", tag.removesuffix(old))]
    if len(ends) == 1:
        return ends[0].removesuffix(old).replace("{", "{{").replace("}", "}}") + "{version}"
    plain = Counter(match[1] for match in map(_PREFIXED.fullmatch, tags) if match and match[1] in ("", "v"))
    return "{version}" if plain[""] > plain["v"] else _DEFAULT_TAG


def _line(value: object) -> str:
    return " ".join(str(value).split()) if value else ""
