"""Checks a commit message against Conventional Commits 1.0.0; runs at every commit, so it imports next to nothing."""

import re

TYPES = ("build", "chore", "ci", "docs", "feat", "fix", "perf", "refactor", "revert", "style", "test")
"""The types of commitlint's conventional configuration."""
LONGEST = 100
"""Characters that a header may have."""

_HEADER = re.compile(
    r"(?P<type>[^\s():!]*)(?P<scope>\([^\r\n]*?\))?(?P<bang>!?)(?P<colon>:?)(?P<space>[ \t]*)(?P<text>.*)"
)
_SCOPE = re.compile(r"\([A-Za-z0-9@$][\w@$./,*-]*(?: [\w@$./,*-]+)*\)")
_GIT = re.compile(r"Merge |Merged |Revert \"|Reapply \"|Automatic merge|(?:fixup|squash|amend)! ")
_SCISSORS = re.compile(r"# -+ >8 -+")


class Finding:
    """Something that is wrong with a message.

    Args:
        line: Line of the message, from 1.
        column: Column, from 1.
        message: What is wrong.
        hint: What to write instead; may be empty.
    """

    __slots__ = ("column", "hint", "line", "message")

    def __init__(self, line: int, column: int, message: str, hint: str = "") -> None:
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint

    def __repr__(self) -> str:
        return f"Finding({self.line}, {self.column}, {self.message!r}, {self.hint!r})"


def check_message(text: str, *, comments: bool = True) -> list[Finding]:
    """Check a commit message; what git itself writes (merges, reverts, fixups) passes.

    Args:
        text: The message, as in the file that git hands to a commit-msg hook.
        comments: Whether lines that begin with `#`, and all below the scissors line, are git's and do not count.

    Returns:
        What is wrong, in the order of the text; empty for a good message.
    """
    lines = _lines(text, comments)
    if not lines:
        return [Finding(1, 1, "the message is empty", "write it as in `fix: what changed`")]
    number, header = lines[0]
    if _GIT.match(header):
        return []
    findings = _check_header(number, header)
    if len(lines) > 1 and lines[1][1]:
        findings.append(Finding(lines[1][0], 1, "no blank line after the header", "begin the body a line lower"))
    return findings


def _lines(text: str, comments: bool) -> list[tuple[int, str]]:
    """Return number and text of the lines that count, from the first that is not blank."""
    out: list[tuple[int, str]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if comments and line.startswith("#"):
            if _SCISSORS.match(line):
                break
            continue
        if out or line.strip():
            out.append((number, line.rstrip()))
    return out


def _check_header(number: int, header: str) -> list[Finding]:
    match = _HEADER.match(header)
    if match is None or not match["colon"]:
        return [Finding(number, 1, *_no_type(header))]
    findings = []
    if match["type"] not in TYPES:
        findings.append(Finding(number, 1, *_wrong_type(match["type"])))
    if match["scope"] and not _SCOPE.fullmatch(match["scope"]):
        words = "a scope is a word, as in `fix(parser): …`; leave the parentheses out where there is none"
        findings.append(Finding(number, match.start("scope") + 1, f"the scope {match['scope']} is malformed", words))
    if not match["text"].strip():
        findings.append(Finding(number, match.end("colon") + 1, "the description is missing", "say what changed"))
    elif not match["space"]:
        findings.append(Finding(number, match.end("colon") + 1, "no space after the colon", "write `type: text`"))
    if len(header) > LONGEST:
        words = f"the header has {len(header)} characters, at most {LONGEST} are allowed"
        findings.append(Finding(number, LONGEST + 1, words, "say the rest in the body, after a blank line"))
    return findings


def _no_type(header: str) -> tuple[str, str]:
    closed = re.sub(r"[ \t]+(?=[(!:])", "", header, count=1)
    if re.match(r"[a-z]+(?:\([^()]*\))?!?:", closed):
        return "there is a space inside the type and scope", f"write `{closed}`"
    word = re.split(r"[^A-Za-z]", header.strip(), maxsplit=1)[0]
    kind = word.lower() if word.lower() in TYPES else "fix"
    rest = header.strip()[len(word) :].strip(" :-") if word.lower() in TYPES else header.strip()
    return "the header has no type", f"write `{kind}: {rest or 'what changed'}`; types: {', '.join(TYPES)}"


def _wrong_type(word: str) -> tuple[str, str]:
    if not word:
        return "the type is missing", f"types: {', '.join(TYPES)}"
    if word.lower() in TYPES:
        return f"the type {word!r} must be in lower case", f"write `{word.lower()}`"
    near = min(TYPES, key=lambda known: (_distance(word.lower(), known), abs(len(word) - len(known))))
    hint = f"did you mean `{near}`? " if _distance(word.lower(), near) <= 2 else ""
    return f"the type {word!r} is unknown", f"{hint}types: {', '.join(TYPES)}"


def _distance(one: str, other: str) -> int:
    """Return how many letters have to change (Levenshtein), 0 where one word holds the other, as in bugfix and fix."""
    if len(one) > 2 and (other in one or one in other):
        return 0
    above = list(range(len(other) + 1))
    for i, a in enumerate(one[:20], 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b)))
        above = row
    return above[-1]
