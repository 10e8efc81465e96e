from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vwmp_release.plugins.project.kb.release import Release
from vwmp_release.plugins.project.kb.update import Options, plan

from vwmp_release.support.textfile import TextFile

RELEASE = Release("0.1.4.7+2", "2026-05-26", "14:30:05", "New (things)", {(1, 4, 7): "E1:S4:T7", (1, 4, 8): "E1S4T8"})
IDS = st.sampled_from(
    ["E1:S04:T07", "E01S4T8", "E1:S4:T9", "E2:S4:T7", "Story 4", "E1:S04", "T07", "Epic 1", "E1:S4:T7-T9"]
)
STATUS = st.sampled_from(
    [
        "",
        " - TODO",
        " - 📋 TODO (HIGH) — [T07](x)",
        " ✅ COMPLETE (v0.1.0.1)",
        " - 🔄 PERPETUAL",
        " (v0.1)",
        " TODO (",
        " -- ",
    ]
)
ITEM = st.builds(
    lambda bullet, box, bold, name, title, end: f"{bullet} {box}{bold}{name} – {title}{bold}{end[0]}{end[1]}",
    st.sampled_from(["-", "*", "  -", "1.", "|", ">", ""]),
    st.sampled_from(["", "[ ] ", "[x] "]),
    st.sampled_from(["", "**"]),
    IDS,
    st.sampled_from(["Title", "TODO list", "a | b", "(Perpetual)", "**half"]),
    st.tuples(STATUS, st.sampled_from(["", "  ", "\t"])),
)
OTHER = st.one_of(
    st.sampled_from(
        ["", "# Epic 1, Story 4: x", "## Task Checklist", "### E1:S4:T7 x", "**Code:** E1S04", "**Status:** TODO  ",
         "**Completed:**", "**Last updated:** 2020-01-01 (v0.1 – x)", "**Version:** v0.1.1.1", "```", "---", "<!--",
         "-->", "| E1:S4:T7 | TODO |", "\ufeff"]
    ),
    st.text(alphabet=st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=30),
)  # fmt: skip
DOCUMENTS = st.builds(
    lambda lines, newline: newline.join(lines),
    st.lists(st.one_of(ITEM, OTHER), max_size=25),
    st.sampled_from(["\n", "\r\n"]),
)
MAY_CHANGE = re.compile(r"E0?1:?S0?4|T07|Story 4|Epic 1|Status|Completed|Last updated|Version")


def expected(old: list[str], new: list[str]) -> bool:
    pairs = zip(old, new, strict=False)
    return len(old) == len(new) and all(line == now or MAY_CHANGE.search(line) for line, now in pairs)


@given(DOCUMENTS)
def test_only_expected_lines_change(text: str) -> None:
    """Whatever a document holds, only lines of released things and header fields change, and only once."""
    file = TextFile(Path("Epic 1/Story-4-x.md"), text)
    options = Options()
    planned = plan([("Epic 1/Story-4-x.md", file)], "board.md", RELEASE, options)
    if not planned.changes:
        return
    changed = planned.changes[0].file
    if "\n" in text:
        assert changed.text.count("\r") == text.count("\r\n") / text.count("\n") * changed.text.count("\n")
    old, new = (item.replace("\r\n", "\n").split("\n") for item in (text, changed.text))
    choices = [new]
    if len(new) > len(old):  # a completion date below the status
        dates = [index for index, line in enumerate(new) if line.startswith("**Completed:** 2026-05-26")]
        choices = [new[:index] + new[index + 1 :] for index in dates if "Status" in new[index - 1]]
    assert any(expected(old, choice) for choice in choices)
    later = RELEASE._replace(version="9.9.9.9", date="2030-01-01")
    assert plan([("Epic 1/Story-4-x.md", changed)], "board.md", later, options).changes == ()


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "line",
    [
        "- [ ] E1:S4:T7" + " " * 3900 + "x",
        "- [ ] **E1:S4:T7**" + " - (" * 950,
        "- [ ] E1:S4:T7 - TODO" + " (a)" * 950 + "b",
        "- [ ] E1:S4:T7 – " + "[a](b) | " * 400 + "!",
        "- TODO" + " — " * 1200,
        "| E1:S4:T7 |" + " |" * 1900,
        "**Last updated:** 2020-01-01 (" + "v1.1" * 900 + ")",
        "**Last updated:** 2020-01-01 (E1:S1:T1" + ", E1:S1:T1" * 390 + "!)",
        "**Version:** v" + "1." * 1900,
    ],
)
def test_long_lines_are_read_in_time(line: str) -> None:
    """No line of a document can keep its reading busy."""
    plan([("d.md", TextFile(Path("d.md"), f"{line}\n" * 20))], "", RELEASE, Options())
