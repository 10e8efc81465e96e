"""One change of a release, made from what `release.version_bump` says about a commit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

_TRAILING_REFERENCE = re.compile(r"\s*\((?:[\w.-]+/[\w.-]+)?[#!]\d+\)\s*$")
_CLOSING = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b[: \t]*(?P<names>[^\n]*)", re.IGNORECASE)


class Change(NamedTuple):
    """One change.

    Args:
        type: Type of the Conventional Commit; empty for a commit without one.
        scope: Its scope, or empty.
        description: The subject without type and scope.
        body: The rest of the message, footers included.
        breaking: What it breaks, a text each.
        references: `(kind, reference)`, e.g. `("closes", "#12")`.
        commits: `(object id, short id)` of each commit that holds it.
        verdict: `counted`, `ignored`, `unparsed` or `reverted`.
    """

    type: str
    scope: str
    description: str
    body: str = ""
    breaking: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    commits: tuple[tuple[str, str], ...] = ()
    verdict: str = "counted"

    @property
    def listed(self) -> bool:
        """Whether the notes name it: it counted, or it breaks something."""
        return self.verdict == "counted" or (bool(self.breaking) and self.verdict != "reverted")

    @classmethod
    def of(cls, commit: Mapping[str, Any]) -> Change:
        """Make a change of one item of the output `commits`.

        Args:
            commit: `{sha, short, type, scope, description, body, footers, breaking, refs, verdict}`; absent keys are
                empty. `footers` are `[token, value]`, `refs` are texts such as `#12` or `{kind, id}`.
        """
        sha = str(commit.get("sha") or "")
        description = str(commit.get("description") or "")
        footers = [f"{token}: {value}" for token, value in commit.get("footers") or ()]
        body = "\n".join(filter(None, [str(commit.get("body") or ""), *footers]))
        closed = " ".join(match["names"] for match in _CLOSING.finditer(body))
        breaking = commit.get("breaking") or ()
        if isinstance(breaking, bool | str):
            breaking = [breaking if isinstance(breaking, str) else description]
        return cls(
            type=str(commit.get("type") or "").lower(),
            scope=str(commit.get("scope") or ""),
            description=description,
            body=body,
            breaking=tuple(str(text) or description for text in breaking),
            references=tuple(_reference(item, closed) for item in commit.get("refs") or ()),
            commits=((sha, str(commit.get("short") or sha[:7])),) if sha else (),
            verdict=str(commit.get("verdict") or "counted"),
        )


def collapse(changes: Iterable[Change]) -> list[Change]:
    """Return each change once: commits with the same type, scope and subject become one change.

    Args:
        changes: In order; the first of several stays in its place.
    """
    found: dict[tuple[str, ...], Change] = {}
    for change in changes:
        subject = _TRAILING_REFERENCE.sub("", change.description).strip().casefold()
        state = "reverted" if change.verdict == "reverted" else "listed" if change.listed else "other"
        key = (change.type, change.scope, subject, state)
        found[key] = _joined(found[key], change) if key in found else change
    return list(found.values())


def _joined(first: Change, second: Change) -> Change:
    longer = max(first.description, second.description, key=len)  # the one that names its pull request
    return first._replace(
        description=longer,
        body="\n\n".join(filter(None, [first.body, second.body])),
        breaking=tuple(dict.fromkeys(first.breaking + second.breaking)),
        references=tuple(dict.fromkeys(first.references + second.references)),
        commits=tuple(dict.fromkeys(first.commits + second.commits)),
    )


def _reference(item: object, closed: str) -> tuple[str, str]:
    fields = item if isinstance(item, Mapping) else {"id": item}
    kind, name = str(fields.get("kind") or ""), str(fields.get("id") or "")
    name = f"#{name}" if name.isdigit() else name
    closes = _CLOSING.fullmatch(kind) or re.search(rf"(?<![\w/]){re.escape(name)}(?!\d)", closed)
    return ("closes" if closes else "refs"), name
