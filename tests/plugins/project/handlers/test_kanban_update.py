from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from vwmp_release.plugins.project.handlers.kanban_update import KanbanUpdateHandler

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import StepResult, StepStatus

KB = "KB/PM_and_Portfolio"
EPIC = f"{KB}/epics/overview/Epic 01/Epic-01.md"
STORY = f"{KB}/stories/overview/Epic 01/Story-1-Visual-Platform.md"
BOARD = f"{KB}/epics/overview/_index.md"
PATHS = {
    "epic_doc_pattern": f"{KB}/epics/overview/Epic {{epic}}/Epic-{{epic}}.md",
    "kanban_board": BOARD,
    "update_stories": True,
    "update_last_updated": True,
}
NESTED = {"epic_doc_pattern": "docs/epics/Epic-{epic}/Epic-{epic}.md", "kanban_board": "docs/kboard.md"}
Update = Callable[..., StepResult]


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path

    return write


@pytest.fixture
def update(make_context: Any) -> Update:
    def run(tasks: list[str] | None = None, version: str | None = "0.21.0.11", **more: Any) -> StepResult:
        fields = {name: more.pop(name) for name in ("outputs", "branch", "parameters") if name in more}
        config = {**PATHS, **({"version": version} if version else {}), **more}
        return KanbanUpdateHandler().execute(make_context(config | ({"tasks": tasks} if tasks else {}), **fields))

    return run


# The document forms, before and after a release. Lines that are not listed must not change.
TASK_LINES = {
    "plain": (
        "0.21.0.11",
        ["E01:S01:T001"],
        "- [ ] E01:S01:T001 Draw the plan",
        "- [x] E01:S01:T001 Draw the plan (v0.21.0.11)",
    ),
    "bold": (
        "0.21.0.11",
        ["E01:S01:T005"],
        "- [x] **E01:S01:T004 – First** (v0.21.0.5)\n- [ ] **E01:S01:T005 – Second**\n- [ ] **E01:S01:T006 – Third**",
        "- [x] **E01:S01:T004 – First** (v0.21.0.5)\n- [x] **E01:S01:T005 – Second** (v0.21.0.11)\n"
        "- [ ] **E01:S01:T006 – Third**",
    ),
    "todo": (
        "0.1.2.1+1",
        ["E1S5T1"],
        "- [ ] **E1:S05:T01 – Find TODO notes** - TODO\n- [ ] **E1:S05:T10 – Ten** - TODO",
        "- [x] **E1:S05:T01 – Find TODO notes** ✅ COMPLETE (v0.1.2.1+1)\n- [ ] **E1:S05:T10 – Ten** - TODO",
    ),
    "unbold todo": (
        "0.1.2.1+1",
        ["E1:S05:T01"],
        "* [ ] E1:S05:T01 – Title - 🔄 IN PROGRESS",
        "* [x] E1:S05:T01 – Title ✅ COMPLETE (v0.1.2.1+1)",
    ),
    "older id, one title case": (
        "0.1.2.1",
        ["E01:S03:T001"],
        "1. [ ] E01S3T001: Old - In Progress",
        "1. [x] E01S3T001: Old ✅ Complete (v0.1.2.1)",
    ),
    "form of the siblings": (
        "0.1.3.2+1",
        ["E1:S03:T002"],
        "- [x] **E1:S03:T001 – A** - COMPLETE ✅ (**v0.1.3.1+1** — said)\n- [ ] **E1:S03:T002 – B** - 📋 TODO\n",
        "- [x] **E1:S03:T001 – A** - COMPLETE ✅ (**v0.1.3.1+1** — said)\n"
        "- [x] **E1:S03:T002 – B** - COMPLETE ✅ (**v0.1.3.2+1**)\n",
    ),
    "words of the siblings": (
        "0.1.3.2+1",
        ["E1:S03:T002"],
        "- [ ] **E1:S03:T002 – B**\n- [x] **E1:S03:T003 – C** ✅ COMPLETE (v0.1.3.1+1)",
        "- [x] **E1:S03:T002 – B** ✅ COMPLETE (v0.1.3.2+1)\n- [x] **E1:S03:T003 – C** ✅ COMPLETE (v0.1.3.1+1)",
    ),
    "link behind": (
        "0.1.4.7+2",
        ["E1:S04:T07"],
        "- [ ] **E1:S04:T07 – Rewire — verify** - 📋 TODO (HIGH) — [T07](S-4/T07-rewire.md) | [FR](f.md)",
        "- [x] **E1:S04:T07 – Rewire — verify** - ✅ COMPLETE (2026-05-26) (v0.1.4.7+2) — [T07](S-4/T07-rewire.md)"
        " | [FR](f.md)",
    ),
    "link behind a title": (
        "0.1.4.7",
        ["E1:S04:T07"],
        "- [ ] **E1:S04:T07 – Rewire** — [Task doc](T07.md)",
        "- [x] **E1:S04:T07 – Rewire** (v0.1.4.7) — [Task doc](T07.md)",
    ),
    "status first": (
        "0.1.4.7+2",
        ["E1:S04:T07"],
        "**Code:** E1S04\n- 📋 TODO (blocked by T06) — [T07](T07.md)\n- [ ] TODO — [T08](T08.md)",
        "**Code:** E1S04\n- ✅ COMPLETE (2026-05-26) (v0.1.4.7+2) — [T07](T07.md)\n- [ ] TODO — [T08](T08.md)",
    ),
    "notes that stay": (
        "0.4.1.2",
        ["E4:S1:T2"],
        "- [ ] **E4:S1:T2 – X** - TODO (reframed from FR-7) (v0.4.1.0+0 – created)",
        "- [x] **E4:S1:T2 – X** ✅ COMPLETE (v0.4.1.2) (reframed from FR-7)",
    ),
    "no box": (
        "0.4.1.2",
        ["E4:S1:T2"],
        "- E4:S1:T2 – Only an index\n- **E4:S1:T2** – Board line - 📋 TODO (HIGH)",
        "- E4:S1:T2 – Only an index\n- **E4:S1:T2** – Board line - ✅ COMPLETE (v0.4.1.2)",
    ),
    "table": (
        "0.4.1.2",
        ["E4:S1:T2", "E4:S1:T3"],
        "| E4:S1:T2 | two \\| more | 📋 TODO      | [T2](t.md) |\n"
        "| E4:S1:T3 | three | IN PROGRESS |\n| E4:S1:T4 | TODO |",
        "| E4:S1:T2 | two \\| more | ✅ COMPLETE  | [T2](t.md) |\n"
        "| E4:S1:T3 | three | COMPLETE    |\n| E4:S1:T4 | TODO |",
    ),
    "ticked only in words": (
        "0.4.1.2",
        ["E4:S1:T2", "E4:S1:T3", "E4:S1:T4"],
        "- [ ] **E4:S1:T2 – a** ✅ COMPLETE (vX.Y.Z.T+B)\n"
        "- [ ] **E4:S1:T3 – b** ✅ COMPLETE (v0.4.1.1)\n- [ ] E4:S1:T4 (v0.4)",
        "- [x] **E4:S1:T2 – a** ✅ COMPLETE (v0.4.1.2)\n"
        "- [x] **E4:S1:T3 – b** ✅ COMPLETE (v0.4.1.1)\n- [x] E4:S1:T4 (v0.4.1.2)",
    ),
    "several lines, trailing blanks, CRLF, BOM": (
        "0.4.1.2",
        ["E4:S1:T2"],
        "\ufeff# Doc\r\n- [ ] **E4:S1:T2 – a**  \r\n\r\n"
        "text  \r\n  - [ ] E4:S1:T2 again\t\r\nno newline at the end",
        "\ufeff# Doc\r\n- [x] **E4:S1:T2 – a** (v0.4.1.2)  \r\n\r\n"
        "text  \r\n  - [x] E4:S1:T2 again (v0.4.1.2)\t\r\nno newline at the end",
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", TASK_LINES)
def test_task_lines(update: Update, put: Any, form: str) -> None:
    """A released task is marked in the form of its line and document; all other bytes stay."""
    version, tasks, before, after = TASK_LINES[form]
    path = put("doc.md", before)
    result = update(tasks, version, docs=["doc.md"], update_stories=False)
    assert path.read_bytes().decode() == after
    assert (result.status, (result.output or {})["docs"]) == (StepStatus.SUCCESS, ["doc.md"])
    again = update(tasks, version, docs=["doc.md"], date="2027-01-01", update_stories=False)
    assert path.read_bytes().decode() == after
    assert (again.status, again.error) == (StepStatus.SKIPPED, "the released tasks are marked already")


@pytest.mark.parametrize(
    "line",
    [
        "- [x] **E1:S1:T1 – Done** (v0.1.0.1)",
        "- [X] E1:S1:T1 done without a version",
        "- [ ] **E1:S1:T1 – Upkeep** - 🔄 PERPETUAL (umbrella)",
        "- [ ] **E1:S1:T1 – Upkeep (Perpetual Task)**",
        "- [ ] **E1:S1:T1 – Old** - ⏭️ SUPERSEDED → **FR-99**",
        "- [ ] ~~E1:S1:T1 – Dropped~~",
        "- **E1:S1:T1 – Done** - ✅ COMPLETE (v0.1.0.1)",
        "- E1:S1:T1 – In an index",
        "- [ ] E1:S1:T1-T3 – A range - TODO",
        "- [ ] E1:S1:T11 – Another",
        "- [ ] Look at E1:S1:T1",
        "E1:S1:T1 - TODO",
        "> - [ ] E1:S1:T1 – Quoted",
        "```\n- [ ] E1:S1:T1\n```",
        "~~~~ text\n```\n- [ ] E1:S1:T1\n~~~\n~~~~",
        "<!-- for example\n- [ ] E1:S1:T1\n-->",
        "---\ntitle: x\ntasks:\n- [ ] E1:S1:T1\n---\ntext",
        "- [ ] E1:S1:T1 " + "x" * 5000,
        "| E1:S1:T1 | no status |",
        "| E1:S1:T1 | TODO for me |\n|",
    ],
)
def test_lines_that_are_left_alone(update: Update, put: Any, line: str) -> None:
    """Marked, perpetual and superseded lines, and what is no task line, never change."""
    path = put("doc.md", line)
    assert update(["E1:S1:T1"], docs=["doc.md"]).status is StepStatus.SKIPPED
    assert path.read_bytes().decode() == line


FIELDS = {
    "whole form": (
        "**Last updated:** 2026-01-01 (v0.1.0.1+1 – old text (sic))  ",
        "**Last updated:** 2026-05-26 (v0.1.4.7+2 – New things)  ",
    ),
    "bold version": (
        "**Last Updated:** 2026-01-01 (**v0.1.0.1** — old)",
        "**Last Updated:** 2026-05-26 (**v0.1.4.7+2** — New things)",
    ),
    "version alone in brackets": (
        "**Last updated**: 2026-01-01 (v0.1.0.1+1, other)",
        "**Last updated**: 2026-05-26 (v0.1.4.7+2, other)",
    ),
    "date": ("Last updated: 2026-01-01", "Last updated: 2026-05-26"),
    "time": ("**Last updated:** 2026-01-01 10:00:00 UTC", "**Last updated:** 2026-05-26 14:30:05 UTC"),
    "short time": ("**Last updated:** 2026-01-01T10:00Z", "**Last updated:** 2026-05-26T14:30Z"),
    "version": ("**Last Updated:** v0.1.0.1+1", "**Last Updated:** v0.1.4.7+2"),
    "text": ("**Last updated:** 2026-01-01 (story created)", "**Last updated:** 2026-05-26 (New things)"),
    "tasks": ("**Last Updated:** 2026-01-01 (RW: E1:S4:T6)", "**Last Updated:** 2026-05-26 (RW: E1:S04:T07)"),
    "template": (
        "**Last updated:** [YYYY-MM-DD] (vX.Y.Z.T+B – [summary])",
        "**Last updated:** 2026-05-26 (v0.1.4.7+2 – New things)",
    ),
    "prose": ("**Last updated:** yesterday", "**Last updated:** yesterday"),
    "header version": ("**Version:** v0.1.4.6+2  ", "**Version:** v0.1.4.7+2  "),
    "header version, more behind": ("**Version:** `v0.1.4.6+2` *(prior)*", "**Version:** `v0.1.4.7+2` *(prior)*"),
    "header version without v": ("**Version:** 0.1.4.6", "**Version:** 0.1.4.7+2"),
    "a document's own version": ("**Version:** 1.0.0", "**Version:** 1.0.0"),
    "no version": ("**Version:** see tags", "**Version:** see tags"),
    "another field": ("**Version Schema:** `0.1.S.T+B`", "**Version Schema:** `0.1.S.T+B`"),
}


@pytest.mark.parametrize("form", FIELDS)
def test_fields_of_changed_documents(update: Update, put: Any, form: str) -> None:
    """Header fields get date, version and text where their form has them, once a document changes."""
    before, after = FIELDS[form]
    rest = "\n\n# Title\n\n## Tasks\n- [{}] **E1:S04:T07 – x**{}\n## Notes\n**Last updated:** 2026-01-01\n"
    path = put("doc.md", before + rest.format(" ", ""))
    update(["E1S4T7"], "0.1.4.7+2", docs=["doc.md"], summary="New\nthings", update_stories=False)
    assert path.read_text() == after + rest.format("x", " (v0.1.4.7+2)")


def test_header_below_broken_front_matter(update: Update, put: Any) -> None:
    """Front matter that a formatter has turned into text hides no header: the title's fields are written."""
    text = "---\n\n## lifecycle: evergreen\n\n# Board\n\n**Last Updated:** {}\n\n---\n\n- **E1:S1:T1** – a - {}\n"
    path = put("doc.md", text.format("2026-01-01 (RW: E1:S1:T9)", "TODO"))
    update(["E1:S1:T1"], "0.1.1.1", docs=["doc.md"])
    assert path.read_text() == text.format("2026-05-26 (RW: E1:S1:T1)", "✅ COMPLETE (v0.1.1.1)")


def test_last_updated_can_be_left(update: Update, put: Any) -> None:
    """With update_last_updated off the field stays; without a summary the text names the tasks."""
    text = "**Last updated:** 2026-01-01 (v0.1.0.0 – old)\n- [ ] E1:S1:T1 a\n- [ ] E1:S1:T2 b\n"
    path = put("doc.md", text)
    update(["E1:S1:T1"], "0.1.1.1", docs=["doc.md"], update_last_updated=False)
    assert path.read_text() == text.replace("- [ ] E1:S1:T1 a", "- [x] E1:S1:T1 a (v0.1.1.1)")
    update(["E1:S1:T2"], "0.1.1.2", docs=["doc.md"], date="2026-02-03")
    assert path.read_text().startswith("**Last updated:** 2026-02-03 (v0.1.1.2 – E1:S1:T2 complete)\n")


def test_story_and_epic_in_two_trees(update: Update, put: Any) -> None:
    """The last task of the last story completes task, story and epic in all their documents."""
    epic = put(
        EPIC,
        "# Epic 01: Platform\n\n**Status:** IN PROGRESS\n**Completed:** TBD\n**Last updated:** 2025-11-01\n\n"
        "## Story Checklist\n- [x] **Story 2 – Done** - COMPLETE (v0.21.0.5)\n"
        "- [ ] **Story 1 – Visual - Phase 1** - IN PROGRESS (v0.21.0.2+)\n\n"
        "### Story 1: Visual\n**Status:** IN PROGRESS\n**Completed:**\n\n"
        "### Story 2: Done\n**Status:** COMPLETE\n**Completed:** v0.21.0.5\n",
    )
    story = put(
        STORY,
        "# Epic 01, Story 1: Visual\n\n**Status:** IN PROGRESS  \n**Completed:** [YYYY-MM-DD]  \n"
        "**Version:** v0.21.0.2\n**Code:** E01S1\n\n## Task Checklist\n"
        "- [x] **E01:S01:T001 – One** (v0.21.0.2)\n- [ ] **E01:S01:T002 – Two**\n\n"
        "## Tasks\n- [ ] **E01:S01:T001 – One**\n  - **Input:** x\n- [ ] **E01:S01:T002 – Two**\n",
    )
    board = put(
        BOARD,
        "# Board\n**Last Updated:** 2025-11-01\n\n### Epic 1: Platform\n**Status:** IN PROGRESS\n"
        "**Last Updated:** v0.21.0.2\n- [ ] **E1:S01 – Visual** - TODO\n\n"
        "### Epic 2: Other\n**Status:** TODO\n**Last Updated:** v0.2.0.0\n",
    )
    outputs = {
        "new_version": "0.21.0.11",
        "summary": "Visual designer",
        "commits": [{"sha": "1", "subject": "feat: two", "body": "Closes E01S1T2, see E09:S09:T999"}, "odd"],
    }
    result = update(None, None, outputs=outputs, branch="epic/21-workflow-platform")
    assert result.status is StepStatus.SUCCESS
    assert result.output == {
        "epic_doc": EPIC,
        "tasks_updated": ["E01:S01:T002"],
        "version": "0.21.0.11",
        "docs": [EPIC, STORY, BOARD],
    }
    assert result.logs == [
        f"{EPIC}: epic 1, story 1",
        f"{STORY}: story 1, E01:S01:T002",
        f"{BOARD}: epic 1, story 1",
        "warning: E09:S09:T999 stands in no kanban document",
    ]
    assert epic.read_text() == (
        "# Epic 01: Platform\n\n**Status:** COMPLETE\n**Completed:** 2026-05-26\n**Last updated:** 2026-05-26\n\n"
        "## Story Checklist\n- [x] **Story 2 – Done** - COMPLETE (v0.21.0.5)\n"
        "- [x] **Story 1 – Visual - Phase 1** - COMPLETE (v0.21.0.11)\n\n"
        "### Story 1: Visual\n**Status:** COMPLETE\n**Completed:** v0.21.0.11\n\n"
        "### Story 2: Done\n**Status:** COMPLETE\n**Completed:** v0.21.0.5\n"
    )
    assert story.read_text() == (
        "# Epic 01, Story 1: Visual\n\n**Status:** COMPLETE  \n**Completed:** 2026-05-26  \n"
        "**Version:** v0.21.0.11\n**Code:** E01S1\n\n## Task Checklist\n"
        "- [x] **E01:S01:T001 – One** (v0.21.0.2)\n- [x] **E01:S01:T002 – Two** (v0.21.0.11)\n\n"
        "## Tasks\n- [ ] **E01:S01:T001 – One**\n  - **Input:** x\n- [x] **E01:S01:T002 – Two** (v0.21.0.11)\n"
    )
    assert board.read_text() == (
        "# Board\n**Last Updated:** 2026-05-26\n\n### Epic 1: Platform\n**Status:** COMPLETE\n"
        "**Last Updated:** v0.21.0.11\n- [x] **E1:S01 – Visual** ✅ COMPLETE (2026-05-26) (v0.21.0.11)\n\n"
        "### Epic 2: Other\n**Status:** TODO\n**Last Updated:** v0.2.0.0\n"
    )
    assert update(None, None, outputs=outputs, branch="epic/21-workflow-platform").status is StepStatus.SKIPPED


def test_story_and_task_documents_in_the_epics_folder(update: Update, put: Any) -> None:
    """`Story-004-slug.md` and `Story-004-slug/T07-slug.md` are found beside the epic and follow their own forms."""
    folder = "docs/epics/Epic-1"
    epic = f"{folder}/Epic-1.md"
    put(epic, "# Epic 1\n**Status:** IN PROGRESS\n- [ ] **E1:S04 – Names** - IN PROGRESS\n- [ ] **E1:S05 – More**\n")
    story = put(
        f"{folder}/Story-004-names.md",
        "---\nstatus: TODO\nlast updated: 2025-01-01\n---\n\n# Story 004 – Names\n\n**Status:** IN PROGRESS\n"
        "**Last updated:** 2026-05-20 (v0.1.4.6+2 – setup)\n**Version:** v0.1.4.6+2\n**Code:** E1S04\n\n"
        "## Task Checklist\n\n- [x] **E1:S04:T02 – Plan** - ⏭️ SUPERSEDED → **FR-99**\n"
        "- [x] **E1:S04:T06 – Public** - ✅ COMPLETE (2026-05-25) (v0.1.4.6+2) — [T06](x/T06.md)\n"
        "- [ ] **E1:S04:T07 – Rewire** - 📋 TODO (HIGH) — [T07](x/T07.md)\n\n"
        "### E1:S04:T07 – Rewire\n**Status:** IN PROGRESS – half of it\n",
    )
    task = put(f"{folder}/Story-004-names/T07-rewire.md", "# T07\n\n**Task ID:** E1:S04:T07  \n**Status:** TODO  \n")
    other = put(f"{folder}/Story-004-names/T08-other.md", "**Task ID:** E1:S04:T07\n**Status:** TODO\n")
    result = update(["E1:S4:T7"], "0.1.4.7+2", branch="main", **NESTED)
    assert result.output is not None
    assert result.output["epic_doc"] == epic
    assert result.output["docs"] == [epic, f"{folder}/Story-004-names.md", f"{folder}/Story-004-names/T07-rewire.md"]
    assert story.read_text() == (
        "---\nstatus: TODO\nlast updated: 2025-01-01\n---\n\n# Story 004 – Names\n\n**Status:** ✅ COMPLETE\n"
        "**Last updated:** 2026-05-26 (v0.1.4.7+2 – E1:S04:T07 complete)\n**Version:** v0.1.4.7+2\n**Code:** E1S04\n\n"
        "## Task Checklist\n\n"
        "- [x] **E1:S04:T02 – Plan** - ⏭️ SUPERSEDED → **FR-99**\n"
        "- [x] **E1:S04:T06 – Public** - ✅ COMPLETE (2026-05-25) (v0.1.4.6+2) — [T06](x/T06.md)\n"
        "- [x] **E1:S04:T07 – Rewire** - ✅ COMPLETE (2026-05-26) (v0.1.4.7+2) — [T07](x/T07.md)\n\n"
        "### E1:S04:T07 – Rewire\n**Status:** ✅ COMPLETE – half of it\n"
    )
    assert task.read_text() == "# T07\n\n**Task ID:** E1:S04:T07  \n**Status:** COMPLETE  \n"
    assert other.read_text() == "**Task ID:** E1:S04:T07\n**Status:** TODO\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("**Status:** TODO", "**Status:** COMPLETE"),
        ("**Status:** 📋 TODO  ", "**Status:** ✅ COMPLETE  "),
        ("**Status:** In Progress", "**Status:** Complete"),
        ("Status: TODO (reframed)", "Status: COMPLETE (reframed)"),
        ("**Status:** IN PROGRESS (v0.1.4.1)", "**Status:** COMPLETE (v0.1.4.7)"),
        ("**Status:** [TODO/IN PROGRESS/COMPLETE]", "**Status:** COMPLETE"),
        ("**Status:** COMPLETE ✅", "**Status:** COMPLETE ✅"),
        ("**Status:** 🔄 PERPETUAL", "**Status:** 🔄 PERPETUAL"),
        ("**Status:** Active", "**Status:** Active"),
    ],
)
def test_status_fields(update: Update, put: Any, before: str, after: str) -> None:
    """The Status field of a complete story is written in its own form; what has no open status stays."""
    text = "# Story 4\n{}\n**Completed:** 2020-01-01\n**Code:** E1S04\n- [{}] E1:S4:T7 x{}\n"
    path = put("doc.md", text.format(before, " ", ""))
    update(["E1:S4:T7"], "0.1.4.7", docs=["doc.md"])
    assert path.read_text() == text.format(after, "x", " (v0.1.4.7)")


def test_status_form_of_other_stories(update: Update, put: Any) -> None:
    """Where a document shows no form of its own, the stories beside it do."""
    put("docs/epics/Epic-1/Story-1-a.md", "**Status:** COMPLETE ✅\n- [x] E1:S1:T1 a\n")
    story = put("docs/epics/Epic-1/Story-2-b.md", "**Status:** 📋 TODO\n**Completed:** -\n- [ ] E1:S2:T1 b\n")
    update(["E1:S2:T1"], "0.1.2.1", **NESTED)
    assert story.read_text() == "**Status:** COMPLETE ✅\n**Completed:** 2026-05-26\n- [x] E1:S2:T1 b (v0.1.2.1)\n"


def test_completion_date_is_added_where_nothing_shows_it(update: Update, put: Any) -> None:
    """A story without any date field gets `Completed` below its status, in the document's own line ending."""
    path = put("doc.md", "**Status:** TODO  \r\n**Code:** E1S2\r\n\r\n- [ ] E1:S2:T1 b\r\n")
    update(["E1:S2:T1"], "0.1.2.1", docs=["doc.md"])
    assert path.read_bytes().decode() == (
        "**Status:** COMPLETE  \r\n**Completed:** 2026-05-26 (v0.1.2.1)  \r\n**Code:** E1S2\r\n\r\n"
        "- [x] E1:S2:T1 b (v0.1.2.1)\r\n"
    )


@pytest.mark.parametrize(
    "others",
    [
        "- [ ] E1:S2:T2 open\n",
        "- [ ] E1:S2:T2 upkeep - PERPETUAL\n",
        "## Task Checklist\n- [ ] E1:S2:T2 open\n## Tasks\n- [x] E1:S2:T2 said done below\n",
    ],
)
def test_story_stays_open(update: Update, put: Any, others: str) -> None:
    """A story with a task that is open or perpetual is not complete; a checklist counts more than what stands below."""
    path = put("doc.md", f"**Status:** TODO\n**Code:** E1S2\n- [ ] E1:S2:T1 b\n{others}")
    update(["E1:S2:T1"], "0.1.2.1", docs=["doc.md"])
    assert path.read_text().startswith("**Status:** TODO\n")


@pytest.mark.parametrize(
    ("line", "story_2", "status"),
    [
        ("- [x] E1:S2 two", "", "COMPLETE"),
        ("- [ ] E1:S2 two - SUPERSEDED", "", "COMPLETE"),
        ("", "**Status:** COMPLETE\n", "COMPLETE"),
        ("- [ ] E1:S2 two", "**Status:** COMPLETE\n", "TODO"),
        ("- [ ] E1:S2 two", "", "TODO"),
        ("- [x] E1:S2 two", "**Status:** TODO\n", "TODO"),
        ("", "nothing said\n", "TODO"),
    ],
)
def test_epic_waits_for_all_its_stories(update: Update, put: Any, line: str, story_2: str, status: str) -> None:
    """An epic is complete only when its checklist and its stories' documents say so of every story."""
    folder = "docs/epics/Epic-1"
    epic = put(f"{folder}/Epic-1.md", f"**Status:** TODO\n**Last updated:** x\n- [ ] E1:S1 one\n{line}\n")
    put(f"{folder}/Story-1-a.md", "**Status:** TODO\n- [ ] E1:S1:T1 a\n")
    if story_2:
        put(f"{folder}/Story-2-b.md", story_2)
    update(["E1:S1:T1"], "0.1.1.1", **NESTED)
    assert epic.read_text().startswith(f"**Status:** {status}\n")
    assert "- [x] E1:S1 one ✅ COMPLETE (2026-05-26) (v0.1.1.1)" in epic.read_text()


def test_perpetual_story_is_never_completed(update: Update, put: Any) -> None:
    """A story that is perpetual stays so, and keeps its epic open."""
    text = "**Status:** TODO\n## Stories\n- [ ] E1:S1 one - PERPETUAL\n## Tasks\n- [ ] E1:S1:T1 a\n"
    path = put("docs/epics/Epic-1/Epic-1.md", text)
    update(["E1:S1:T1"], "0.1.1.1", **NESTED)
    assert path.read_text() == text.replace("- [ ] E1:S1:T1 a", "- [x] E1:S1:T1 a (v0.1.1.1)")


def test_stories_can_be_left(update: Update, put: Any) -> None:
    """With update_stories off only tasks are marked."""
    path = put("doc.md", "**Status:** TODO\n**Code:** E1S2\n- [ ] E1:S2:T1 b\n")
    update(["E1:S2:T1"], "0.1.2.1", docs=["doc.md"], update_stories=False)
    assert path.read_text() == "**Status:** TODO\n**Code:** E1S2\n- [x] E1:S2:T1 b (v0.1.2.1)\n"


@pytest.mark.parametrize("name", ["Epic 1/Epic-1.md", "Epic 1/Epic-01.md", "Epic 001/Epic-1.md"])
def test_padded_paths(update: Update, put: Any, name: str) -> None:
    """An epic's document is found with its number plain or padded, in folder and file name."""
    put(f"{KB}/epics/overview/{name}", "- [ ] E1:S1:T1 a\n")
    result = update(["E1:S1:T1"])
    assert (result.output or {})["epic_doc"] == f"{KB}/epics/overview/{name}"


def test_sources_of_task_ids(update: Update, put: Any) -> None:
    """Ids come from the changelog step, commits with ranges and trailers, and the parameters; tasks overrides them."""
    text = "".join(f"- [ ] E1:S1:T{n} x\n" for n in range(1, 8))
    path = put("doc.md", text)
    outputs = {
        "new_version": "v0.1.1.1",
        "tasks": ["E01:S01:T001"],
        "commits": [
            {"description": "E1:S1:T2-T3"},
            {"body": "Epic: 1 | Story: 1 | Task: 4"},
            {"subject": "x", "footers": [["Epic", "1 | Story: 1 | Task: 5"], "odd"]},
            {"subject": "E1:S1:T7", "verdict": "reverted"},
        ],
    }
    parameters = {"summary": "and E01:S01:T04", "detailed_changes": "E1S1T6"}
    result = update(None, None, outputs=outputs, parameters=parameters, docs=["doc.md"])
    assert (result.output or {})["tasks_updated"] == [f"E1:S1:T{n}" for n in range(1, 7)]
    assert path.read_text().count("(v0.1.1.1)") == 6
    result = update(["E1:S1:T7"], None, outputs=outputs, docs=["doc.md"])
    assert (result.output or {})["tasks_updated"] == ["E1:S1:T7"]


def test_nothing_to_do(update: Update, put: Any) -> None:
    """Without tasks, documents or matching lines the step is skipped, with the reason and what it knows."""
    result = update(None, "1.0.0")
    assert (result.status, result.error) == (StepStatus.SKIPPED, "the release names no task")
    assert update(["E1:S1:T1"]).error == "no kanban document was found"
    put(EPIC, "# Epic 1\n")
    result = update(["E1:S1:T1"])
    assert result.error == "no released task stands in the kanban documents"
    assert result.logs == ["warning: E1:S1:T1 stands in no kanban document"]
    assert result.output == {"epic_doc": EPIC, "tasks_updated": [], "version": "0.21.0.11", "docs": []}


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"docs": ["../x.md", "none.md"]}, "outside the repository.*no file 'none.md'"),
        ({"epic_doc_pattern": "../{epic}.md"}, "outside the repository"),
        ({"epic_doc_pattern": "{epc}.md"}, "unknown placeholder"),
        ({"kanban_board": "/etc/passwd"}, "outside the repository"),
        (
            {"tasks": ["E1:S1:T1", "T1", "E1:S1:T1-T2"], "date": "tomorrow", "version": "new"},
            "'T1'.*T1-T2.*'new'.*tomorrow",
        ),
        ({"version": None}, "no version is known"),
    ],
)
def test_user_mistakes(update: Update, config: dict[str, Any], words: str) -> None:
    """Wrong paths and values are refused with what is wrong, all at once."""
    with pytest.raises(PermanentError, match=words):
        update(**{"tasks": ["E1:S1:T1"], **config})


def test_links_that_lead_out_are_left_alone(update: Update, put: Any, tmp_path: Path) -> None:
    """A document that is a link out of the workspace is neither read nor written."""
    outside = tmp_path.parent / f"{tmp_path.name}-outside.md"
    outside.write_text("- [ ] E1:S1:T1 a\n")
    put("docs/epics/Epic-1/Epic-1.md", "# Epic 1\n")
    (tmp_path / "docs/epics/Epic-1/Story-1-a.md").symlink_to(outside)
    assert update(["E1:S1:T1"], **NESTED).status is StepStatus.SKIPPED
    assert outside.read_text() == "- [ ] E1:S1:T1 a\n"


def test_describes_itself() -> None:
    """The handler has a description, the manifest's schema, and needs a version unless it is given one."""
    handler = KanbanUpdateHandler()
    assert handler.get_step_info()["category"] == "documentation"
    assert "docs" in handler.get_config_schema()["properties"]
    assert handler.get_dependencies({}) == ["*.new_version"]
    assert handler.get_dependencies({"version": "1.0.0"}) == []
