"""What programs and people read: GitHub's commands and files, JSON documents, graphs and lists."""

from __future__ import annotations

import html
import re

import pytest

FAILS = 'print("src/a.py:3:7: error: too long")\nraise SystemExit(1)\n'
OUTPUTS = {
    "status", "released", "version", "previous-version", "tag", "bump", "commit-sha", "notes", "notes-file",
    "plan-file", "report-file", "json", "release_created", "tag_name", "major", "minor", "patch", "sha", "body",
    "new_release_published", "new_release_version", "new_release_git_tag", "new_release_notes",
    "last_release_version", "last_release_git_tag", "previous_version", "commit_sha", "release_notes", "is_prerelease",
}  # fmt: skip


@pytest.fixture
def sample(project):
    """Give a project with something to release."""
    repo = project({"VERSION": "1.2.3\n", "src/a.py": "a = 1\n\n\n"})
    repo.commit("feat: more")
    repo.commit("docs: less")
    return repo


@pytest.fixture
def runner(tmp_path):
    """Give the environment of a runner, and what reads the files that it offers."""
    folder = tmp_path / "runner"
    folder.mkdir()
    names = {"GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary.md"}
    for name in names.values():
        (folder / name).touch()
    paths = {key: str(folder / name) for key, name in names.items()}
    return {"GITHUB_ACTIONS": "true", "CI": "true", "RUNNER_TEMP": str(folder), **paths}


@pytest.fixture
def outputs(runner):
    """Read the outputs as the runner does."""

    def read():
        with open(runner["GITHUB_OUTPUT"], encoding="utf-8") as file:
            text = file.read()
        found = re.findall(r"^([\w-]+)<<(\S+)\n(.*?)\n\2\n", text, re.M | re.S)
        assert "".join(f"{name}<<{end}\n{value}\n{end}\n" for name, end, value in found) == text
        return {name: value for name, _, value in found}

    return read


@pytest.fixture
def summary(runner):
    """Read the job summary."""

    def read():
        with open(runner["GITHUB_STEP_SUMMARY"], encoding="utf-8") as file:
            return file.read()

    return read


def test_release_on_a_runner(sample, tool, runner, outputs, summary):
    """All outputs are set, the summary has plan, reasons and graph, and a notice says what was released."""
    ended = tool(sample, "run", env=runner)
    given = outputs()
    assert set(given) == OUTPUTS
    assert (given["status"], given["released"], given["version"], given["tag"]) == (
        "released",
        "true",
        "1.3.0",
        "v1.3.0",
    )
    assert (given["major"], given["minor"], given["patch"]) == ("1", "3", "0")
    assert given["commit-sha"] == given["sha"] == sample.head
    assert "### Features" in given["notes"]
    assert "::notice title=Released 1.3.0::" in ended.out
    text = summary()
    assert "1.3.0" in html.unescape(text.splitlines()[0])
    assert "feat → minor" in text
    assert "the type docs asks for no release" in text
    assert "```mermaid\nflowchart LR\n" in text
    assert text.count("<details>") == text.count("</details>")
    assert text.count("```") % 2 == 0


def test_plan_on_a_runner(sample, tool, runner, outputs, summary):
    """A plan says so, has a file with its document, and shows the diffs."""
    tool(sample, "plan", env=runner)
    given = outputs()
    assert (given["status"], given["released"], given["version"]) == ("planned", "", "1.3.0")
    with open(given["plan-file"], encoding="utf-8") as file:
        assert '"kind": "plan"' in file.read()
    assert "+1.3.0" in summary()


def test_nothing_on_a_runner(project, tool, runner, outputs):
    """Nothing to release is a notice and a status; every output is set."""
    ended = tool(project({"VERSION": "1.2.3\n"}), "run", env=runner)
    assert "::notice title=Nothing to release::" in ended.out
    assert (outputs()["status"], outputs()["released"]) == ("nothing", "")
    assert set(outputs()) == OUTPUTS


def test_failing_validator_on_a_runner(sample, tool, config, runner, outputs, summary):
    """The validator's finding is an annotation with file, line and column; nothing is released."""
    files = {"validate.py": FAILS, "vwmp_config.yaml": config(validators=["validate.py"])}
    sample.commit("chore: validate", files)
    ended = tool(sample, "run", status=1, env=runner)
    assert re.search(r"^::error file=src/a\.py,line=3,col=7[^\n]*::too long$", ended.out, re.M)
    assert (outputs()["status"], outputs()["released"], outputs()["tag"]) == ("failed", "", "")
    assert "too long" in summary()


def test_forged_commands_on_a_runner(sample, tool, runner, outputs, summary):
    """A commit message can neither set an output, nor give a command, nor break out of the summary."""
    evil = "fix: x ::set-output name=a::b\n\n::error::forged\n##[error]forged\nreleased<<EOF\n```\n<script>"
    sample.commit(evil)
    ended = tool(sample, "run", env=runner)
    assert set(outputs()) == OUTPUTS
    assert not re.search(r"^\s*::(error|set-output)", ended.out, re.M)
    assert "<script>" not in summary()


# documents ------------------------------------------------------------------------------------------------------------

KINDS = {
    "plan": "plan",
    "version": "version",
    "config show": "config",
    "plugins list": "plugins",
    "plugins show git": "plugin",
    "runs": "runs",
    "check": "check",
    "graph": "graph",
}


@pytest.mark.parametrize(("command", "kind"), KINDS.items(), ids=KINDS)
def test_json(sample, tool, command, kind):
    """One document on standard output, before and after the command's name; nothing else is there."""
    document = tool(sample, *command.split(), "--json").json
    assert (document["schema"], document["kind"]) == (1, kind)
    again = tool(sample, "--json", *command.split()).json
    assert again.keys() == document.keys()


def test_json_of_a_run(sample, tool):
    """The document of a run has what its plan's has; steps carry what their handlers said."""
    plan = tool(sample, "plan", "--json").json
    run = tool(sample, "run", "--yes", "--json").json
    assert run.keys() == plan.keys()
    assert [step["id"] for step in run["steps"]] == [step["id"] for step in plan["steps"]]
    assert run["push"]["verdict"] == "published"


def test_json_of_an_error(sample, tool):
    """A wrong configuration is a document too, with every problem and its place."""
    sample.commit("chore: typos", {"vwmp_config.yaml": "workflow_typs: {}\ndefault:\n  x: 1\n"})
    document = tool(sample, "run", "--json", status=2).json
    assert (document["kind"], document["exit_status"]) == ("error", 2)
    assert [(problem["file"], problem["line"]) for problem in document["problems"]] == [
        ("vwmp_config.yaml", 1),
        ("vwmp_config.yaml", 2),
    ]
    assert "workflow_types" in document["problems"][0]["hint"]


def test_json_lines(sample, tool):
    """A program can follow: an object a line, from the first event to the last."""
    import json

    events = [json.loads(line) for line in tool(sample, "run", "--yes", "--report", "json-lines").out.splitlines()]
    assert events[0]["event"] == "run-started"
    assert (events[-1]["event"], events[-1]["status"]) == ("run-finished", "released")
    assert [e["event"] for e in events].count("step-finished") == 10


def test_version(sample, tool):
    """The bare version is the last line; --why explains each commit; --set edits the files and nothing else."""
    assert tool(sample, "version").out == "1.3.0\n"
    assert tool(sample, "version", "--next").out == "1.3.0\n"
    assert tool(sample, "version", "--current").out == "1.2.3\n"
    assert tool(sample, "version", "--bump", "major", "--pre", "beta").out == "2.0.0-beta.1\n"
    why = tool(sample, "version", "--why").out.splitlines()
    assert why[-1] == "1.3.0"
    assert [line.split()[1] for line in why[:-1]] == ["minor", "none"]
    head = sample.head
    assert tool(sample, "version", "--set", "4.5.6").out == "4.5.6\n"
    assert (sample.path / "VERSION").read_text() == "4.5.6\n"
    assert (sample.head, sample.git("diff", "--name-only"), sample.tags) == (head, "VERSION", ["v1.2.3"])


def test_config_show(sample, tool, config):
    """Each value with the place that it came from, down to line and column."""
    sample.commit("chore: x", {"vwmp_config.yaml": "defaults:\n  date_format: DD-MM-YY\n"})
    lines = tool(sample, "config", "show", "--origin", env={"VWMP_INPUT_INCREMENT_TYPE": "major"}).out.splitlines()
    (line,) = [line for line in lines if line.startswith("steps.changelog_update.date_format ")]
    assert re.search(r'= "DD-MM-YY" +# .*vwmp_config\.yaml:2:\d+', line)
    (line,) = [line for line in lines if line.startswith("steps.version_bump.increment_type ")]
    assert re.search(r'= "major" +# .*(VWMP_INPUT_INCREMENT_TYPE|runtime)', line)
    (line,) = [line for line in lines if line.startswith("steps.commit.hooks ")]
    assert '= "run"' in line


def test_graph(sample, tool):
    """Every edge of the graph leads from one declared node to another; optional steps are dashed."""
    head, *lines = tool(sample, "graph").out.splitlines()
    assert head == "flowchart LR"
    nodes = dict(re.findall(r'^    (s\d+)\["(.+)"\]$', "\n".join(lines), re.M))
    edges = re.findall(r"^    (s\d+) --> (s\d+)$", "\n".join(lines), re.M)
    rest = [line for line in lines if "-->" not in line and '["' not in line]
    assert len(nodes) == 10
    assert {name for edge in edges for name in edge} == set(nodes)
    assert rest == ["    classDef optional stroke-dasharray:4 3", "    class s3,s4 optional"]
    assert [nodes[name].partition("<br/>")[0] for name in ("s0", "s9")] == ["Bump version", "Push"]


def test_runs(sample, tool, release):
    """A release is in the list, newest first, and can be shown by the beginning of its id."""
    assert tool(sample, "runs").out == ""
    first = release(sample)
    sample.commit("fix: x")
    second = release(sample)
    listed = tool(sample, "runs", "--json").json["runs"]
    assert [row["id"] for row in listed] == [second["run"]["id"], first["run"]["id"]]
    assert [(row["version"], row["status"]) for row in listed] == [("1.3.1", "released"), ("1.3.0", "released")]
    lines = tool(sample, "runs").out.splitlines()
    assert [line.split()[0] for line in lines] == [row["id"] for row in listed]
    shown = tool(sample, "runs", "show", first["run"]["id"][:12], "--json").json
    assert shown["report"]["commit_sha"] == first["commit_sha"]
    assert "no run" in tool(sample, "runs", "show", "0000", status=2).err


def test_a_failed_run_in_the_list(sample, tool):
    """A failed run is listed too, with the version that it was to be and no tag: there is none."""
    sample.hook("commit-msg", "exit 1")
    tool(sample, "run", "--yes", status=1)
    (row,) = tool(sample, "runs", "--json").json["runs"]
    assert (row["status"], row["version"], row["tag"]) == ("failed", "1.3.0", "")


def test_check(sample, tool):
    """A setup in order says so; findings have place and fix, all at once, and status 1."""
    assert "everything is in order" in tool(sample, "check").out
    sample.commit(
        "chore: break it",
        {
            "pyproject.toml": '[project]\nname = "x"\nversion = "9.9.9"\n',
            "vwmp_config.yaml": "workflows:\n  more:\n    type: ci_cd\n    steps:\n    - {id: a, handler: no.such}\n",
        },
    )
    found = tool(sample, "check", "--json", status=1).json["problems"]
    assert any("no.such" in problem["what"] and problem["line"] == 5 for problem in found)
    disagreeing = [problem for problem in found if problem["file"] in ("VERSION", "pyproject.toml")]
    assert disagreeing
    assert disagreeing[0]["line"]
    assert disagreeing[0]["hint"]
    assert "2 problems" in tool(sample, "check", status=1).err
