"""Why each commit counted, or did not: one row a commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from ..versions.policy import Policy
from .message import Commit, breaking_of, references_of
from .reverts import pair

Verdict = Literal["counted", "ignored", "unparsed", "reverted"]
_UNFINISHED = ("fixup!", "squash!", "amend!")


class Row(NamedTuple):
    """A commit and the rule that it met.

    Args:
        commit: The commit.
        level: The level that it asks for; empty unless it counted.
        rule: The rule, a few words.
        verdict: Whether it counted towards the version.
    """

    commit: Commit
    level: str
    rule: str
    verdict: Verdict

    @property
    def short(self) -> str:
        """The first seven digits of the object id: the same in every clone, unlike git's own abbreviation."""
        return self.commit.sha[:7]

    @property
    def subject(self) -> str:
        """The message's first line."""
        return self.commit.subject

    @property
    def type(self) -> str | None:
        """The commit's type; None where its header is no conventional one."""
        return self.commit.type

    @property
    def line(self) -> str:
        """The row for people: short id, subject and rule."""
        return f"{self.short} {self.subject or '(no message)'}: {self.rule}"

    def as_output(self) -> dict[str, Any]:
        """Return the row as JSON can hold it."""
        commit = self.commit
        sections = commit.sections
        return {
            "sha": commit.sha,
            "short": self.short,
            "subject": commit.subject,
            "type": commit.type,
            "scope": commit.scope,
            "description": commit.description,
            "body": sections.body,
            "footers": [list(footer) for footer in sections.footers],
            "breaking": list(breaking_of(commit, sections)) if commit.is_breaking else [],
            "refs": list(references_of(commit, sections)),
            "author": commit.author,
            "level": self.level,
            "rule": self.rule,
            "verdict": self.verdict,
        }


def explain(commits: Sequence[Commit], policy: Policy) -> list[Row]:
    """Judge the commits of a release.

    Args:
        commits: The commits since the last release, newest first.
        policy: The rules.

    Returns:
        A row for each, oldest first.
    """
    undone = pair(commits)
    rows = []
    for commit in reversed(commits):
        if commit.sha in undone.reverted:
            rule = f"reverted by {undone.reverted[commit.sha][:7]} before any release"
            rows.append(Row(commit, "", rule, "reverted"))
        elif commit.sha in undone.reverting:
            rule = f"reverts {undone.reverting[commit.sha][:7]}, which was never released"
            rows.append(Row(commit, "", rule, "reverted"))
        else:
            rows.append(_judge(commit, policy))
    return rows


def _judge(commit: Commit, policy: Policy) -> Row:
    if commit.type is not None or commit.is_breaking:
        ruling = policy.judge(commit)
        return Row(commit, ruling.level, ruling.rule, "counted" if ruling.level else "ignored")
    if commit.is_merge:
        return Row(commit, "", "a merge: its commits count by themselves", "ignored")
    if commit.subject.startswith(_UNFINISHED):
        return Row(commit, "", "belongs to another commit", "ignored")
    return Row(commit, "", "no conventional commit, as in `fix: what changed`", "unparsed")
