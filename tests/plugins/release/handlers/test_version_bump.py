"""The step version_bump, in real repositories."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from vwmp_release.plugins.release.current import current_and_next, set_version
from vwmp_release.plugins.release.handlers.version_bump import VersionBumpHandler

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import StepContext, StepResult, StepStatus
from vwmp_release.support import process

RUN_DATE = datetime(2026, 1, 31, tzinfo=UTC)
PATTERN = {"path": "a.txt", "pattern": "x={version}"}
BOTH = {"version_file": "V", "version_files": ["V", "W"]}
PYPROJECT = '[project]\nname = "demo"\nversion = "{}"\n'


def _context(path: Path, parameters: dict[str, Any] | None = None, **config: Any) -> StepContext:
    return StepContext("id", "release", "bump", "Bump", config, parameters or {}, path, {}, {})


def _run(repo: Any, **config: Any) -> StepResult:
    return VersionBumpHandler().execute(_context(repo.path, **config))


def _next(repo: Any, **config: Any) -> tuple[str | None, str, str | None]:
    answer = current_and_next(repo.path, config, run_date=RUN_DATE)
    return answer.next, answer.bump, answer.tag


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the git commands that are started."""
    started: list[str] = []
    run = process.run

    def counted(argv: Any, **options: Any) -> process.Completed:
        started.append(argv[1])
        return run(argv, **options)

    monkeypatch.setattr(process, "run", counted)
    return started


def test_the_whole_output(repo: Any) -> None:
    """A bump writes the files and says everything that later steps read, as JSON can hold it."""
    repo.commit(
        "feat: start", {"pyproject.toml": PYPROJECT.format("1.2.0"), "demo/__init__.py": '__version__ = "1.2.0"\n'}
    )
    repo.tag("v1.2.0")
    sha = repo.commit("feat(api): add x (#3)\n\nBody.\n\nRefs: #4")
    repo.commit("docs: words")
    repo.commit("whatever")
    result = _run(repo, increment_type="auto")
    assert result.status is StepStatus.SUCCESS
    output = json.loads(json.dumps(result.output))
    commits = output.pop("commits")
    assert output == {
        "old_version": "1.2.0",
        "new_version": "1.3.0",
        "files": ["pyproject.toml", "demo/__init__.py"],
        "bump": "minor",
        "scheme": "semver",
        "previous_tag": "v1.2.0",
        "tag_template": "v{version}",
        "tag": "v1.3.0",
        "summary": "add x (#3)",
        "change_type": "feature",
        "rule": f"feat → minor ({sha[:7]} feat(api): add x (#3))",
        "packages": [
            {
                "name": "demo",
                "path": ".",
                "old_version": "1.2.0",
                "new_version": "1.3.0",
                "bump": "minor",
                "tag": "v1.3.0",
            }
        ],
    }
    assert commits[0]["short"] == sha[:7]
    assert [c["verdict"] for c in commits] == ["counted", "ignored", "unparsed"]
    assert commits[0]["refs"] == ["#3", "#4"]
    assert result.logs[-1] == "1 of 3 commits are no conventional ones and did not count"
    assert (repo.path / "pyproject.toml").read_text(encoding="utf-8") == PYPROJECT.format("1.3.0")


def test_parameters_stand_over_what_is_derived(repo: Any) -> None:
    """Summary and type of change are the user's, where given; a task is handed on."""
    repo.commit("feat: a")
    parameters = {"summary": "My own summary", "change_type": "security"}
    output = VersionBumpHandler().execute(_context(repo.path, parameters, task="E1:S4:T7")).output or {}
    assert (output["summary"], output["change_type"]) == ("My own summary", "security")
    assert (output["task"], output["new_version"], output["scheme"]) == ("E1:S4:T7", "0.1.4.7+1", "epic")
    assert output["packages"][0]["name"] == repo.path.name


def test_nothing_to_release_lists_every_commit(repo: Any) -> None:
    """Without a commit that counts the step is skipped, with each reason, and a warning for what is not understood."""
    repo.commit("feat: a", {"VERSION": "1.0.0\n"})
    repo.tag("v1.0.0")
    docs, odd = repo.commit("docs: b"), repo.commit("odd words")
    result = _run(repo)
    assert result.status is StepStatus.SKIPPED
    assert result.error == "nothing to release: 2 commits since v1.0.0, none of which asks for a release"
    assert result.output == {
        "nothing": [
            f"{docs[:7]} docs: b: the type docs asks for no release",
            f"{odd[:7]} odd words: no conventional commit, as in `fix: what changed`",
        ]
    }
    assert [(a.level, odd[:7] in a.message) for a in result.annotations] == [("warning", True)]


def test_nothing_since_the_release(repo: Any) -> None:
    """A release on HEAD leaves nothing, and says so."""
    repo.commit("feat: a")
    repo.tag("v1.0.0")
    result = _run(repo)
    assert result.error == "nothing to release: no commits since v1.0.0"
    assert result.output == {"nothing": ["no commits since v1.0.0"]}


@pytest.mark.parametrize(
    ("files", "config", "expected"),
    [
        ({}, {}, ("0.1.0", "first", "v0.1.0")),
        ({}, {"first_version": "1.0.0.0"}, ("1.0.0.0", "first", "v1.0.0.0")),
        ({}, {"tag_template": "release-{version}"}, ("0.1.0", "first", "release-0.1.0")),
        ({}, {"version": "2.0.0"}, ("2.0.0", "first", "v2.0.0")),
        ({"VERSION": "1.4.0\n"}, {}, ("1.4.0", "first", "v1.4.0")),
        ({"VERSION": "1.4.0\n"}, {"increment_type": "patch"}, ("1.4.1", "patch", "v1.4.1")),
        ({"VERSION": "0.21.0.1\n"}, {"increment_type": "feature"}, ("0.21.1.0", "feature", "v0.21.1.0")),
        ({"VERSION": "0.1.4.7+2\n"}, {"task": "E1:S4:T7"}, ("0.1.4.7+3", "build", "v0.1.4.7+3")),
        (
            {"a.txt": "x=1.0.0"},
            {"version_files": [PATTERN]},
            ("1.0.0", "first", "v1.0.0"),
        ),
        (
            {"V": "1.0.0", "W": "1.0.0"},
            {"version_file": "V", "version_files": ["V", "W"]},
            ("1.0.0", "first", "v1.0.0"),
        ),
        ({"V": "v1.0"}, {"version_file": "V", "scheme": "semver"}, "V:1:2: '1.0' is no semver version"),
        ({"V": "1.0"}, {"version_file": "V"}, "V:1:1: '1.0' is a version of no known scheme"),
        ({}, {"version_file": "VERSION"}, "the version file VERSION does not exist"),
        ({"VERSION": "1.0.0", "package.json": '{"version": "1.1.0"}'}, {}, "the version files disagree"),
        ({}, {"graduate": True, "prerelease": "rc"}, "give only one of the two"),
        ({}, {"scheme": "semvar"}, "no version scheme"),
        ({}, {"tag_template": "v"}, "tag_template"),
    ],
)
def test_first_releases(repo: Any, files: dict[str, str], config: dict[str, Any], expected: Any) -> None:
    """Without tags the files decide, and without files the first version; mistakes are refused with their place."""
    repo.commit("docs: start", files)
    if isinstance(expected, tuple):
        assert _next(repo, **config) == expected
        return
    with pytest.raises(PermanentError) as caught:
        _next(repo, **config)
    assert expected in f"{caught.value} {caught.value.hint}"


def test_a_first_release_leaves_the_files_alone(repo: Any) -> None:
    """The version of the files is released as it is."""
    repo.commit("chore: start", {"VERSION": "1.4.0\n"})
    output = _run(repo).output or {}
    assert (output["files"], output["old_version"], output["previous_tag"]) == ([], "1.4.0", None)
    assert (repo.path / "VERSION").read_text(encoding="utf-8") == "1.4.0\n"


def test_a_repository_without_commits(repo: Any) -> None:
    """Before the first commit there is the first version, and nothing in the history."""
    assert _next(repo) == ("0.1.0", "first", "v0.1.0")


@pytest.mark.parametrize(
    ("tags", "template", "warned"),
    [
        (["1.0.0"], "{version}", False),
        (["release/1.0.0"], "release/{version}", False),
        (["1.0.0", "v1.1.0"], "v{version}", True),
        (["v1.0.0", "1.1.0"], "{version}", True),
        (["app-1.0.0", "lib-1.1.0"], "lib-{version}", True),
        (["v1.0.0", "app-7.0.0"], "v{version}", False),
    ],
)
def test_the_prefix_is_learned(repo: Any, tags: list[str], template: str, warned: bool) -> None:
    """Existing tags decide the template; of several prefixes the most recent wins, with a warning."""
    for tag in tags:
        repo.commit("feat: a")
        repo.tag(tag)
    repo.commit("fix: b")
    answer = current_and_next(repo.path, {}, run_date=RUN_DATE)
    assert answer.tag_template == template
    assert bool(answer.warnings) == warned
    if warned:
        assert f'tag_template: "{template}"' in answer.warnings[0]


def test_each_prefix_has_its_own_line(repo: Any) -> None:
    """Where prefixes name parts of the repository, the range begins at the own part's release."""
    repo.commit("feat: a")
    repo.tag("app-1.0.0")
    repo.commit("feat: b")
    repo.tag("lib-0.3.0-rc.1")
    repo.commit("fix: c")
    repo.tag("app-1.0.1")
    repo.commit("fix: d")
    assert _next(repo) == ("1.0.2", "patch", "app-1.0.2")


@pytest.mark.parametrize(
    ("version", "expected", "says"),
    [("1.4.0", "1.4.1", "starts from 1.4.0"), ("1.0.0", "1.2.1", "starts from 1.2.0"), ("1.2.0", "1.2.1", "")],
)
def test_files_and_tags_may_differ(repo: Any, version: str, expected: str, says: str) -> None:
    """The higher of tag and files is raised, with a warning."""
    repo.commit("feat: a")
    repo.tag("v1.2.0")
    repo.commit("fix: b", {"VERSION": version})
    result = _run(repo)
    assert (result.output or {})["new_version"] == expected
    warnings = [line for line in result.logs if line.startswith("warning: ")]
    assert [says in line for line in warnings] == ([True] if says else [])


def test_a_line_of_prereleases(repo: Any) -> None:
    """rc.1 and a fix give rc.2, a breaking change the next major's rc.1, and graduation the stable version."""
    repo.commit("feat: a", {"VERSION": "1.2.0"})
    repo.tag("v1.2.0")
    repo.commit("fix: b")
    assert _next(repo, prerelease="rc") == ("1.2.1-rc.1", "patch", "v1.2.1-rc.1")
    repo.commit("chore: release", {"VERSION": "1.2.1-rc.1"})
    repo.tag("v1.2.1-rc.1")
    assert _next(repo, prerelease="rc") == (None, "", None)
    repo.commit("fix: c")
    assert _next(repo, prerelease="rc") == ("1.2.1-rc.2", "prerelease", "v1.2.1-rc.2")
    assert _next(repo, increment_type="prerelease")[0] == "1.2.1-rc.2"
    assert _next(repo, prerelease="beta")[0] == "1.2.1-beta.1"
    assert _next(repo, graduate=True)[:2] == ("1.2.1", "graduate")
    repo.commit("feat!: d")
    assert _next(repo, prerelease="rc") == ("2.0.0-rc.1", "major", "v2.0.0-rc.1")
    answer = current_and_next(repo.path, {"graduate": True}, run_date=RUN_DATE)
    assert (answer.next, answer.previous_tag, len(answer.rows)) == ("2.0.0", "v1.2.0", 4)
    assert answer.warnings == ()


def test_two_channels_on_one_commit_keep_their_counters(repo: Any) -> None:
    """Each channel counts for itself, also where both tags name one commit."""
    repo.commit("feat: a")
    repo.tag("v1.2.0")
    repo.commit("feat: b")
    for tag in ("v1.3.0-alpha.4", "v1.3.0-beta.1"):
        repo.tag(tag)
    repo.commit("fix: c")
    assert _next(repo, prerelease="alpha")[0] == "1.3.0-alpha.5"
    assert _next(repo, prerelease="beta")[0] == "1.3.0-beta.2"


def test_a_level_that_was_overruled_stays_so(repo: Any) -> None:
    """Graduation keeps the base of the prerelease: commits that it holds already do not raise it again."""
    repo.commit("feat: a")
    repo.tag("v1.2.0")
    repo.commit("feat!: b")
    repo.tag("v1.3.0-rc.1")
    repo.commit("docs: c")
    assert _next(repo, graduate=True)[0] == "1.3.0"


def test_on_zero_a_breaking_change_is_a_minor(repo: Any) -> None:
    """1.0.0 comes only when it is asked for, and the rule says so."""
    repo.commit("feat: a")
    repo.tag("v0.4.0")
    repo.commit("feat!: b")
    answer = current_and_next(repo.path, {}, run_date=RUN_DATE)
    assert (answer.next, answer.reason.partition(" (")[0]) == ("0.5.0", "breaking change → minor on 0.x")
    assert _next(repo, zero_version={"breaking": "major"})[0] == "1.0.0"
    assert _next(repo, increment_type="major")[0] == "1.0.0"


def test_an_existing_tag_is_refused(repo: Any) -> None:
    """A version whose tag exists elsewhere is refused with the way out."""
    repo.commit("feat: a")
    repo.tag("v1.0.0")
    repo.git("switch", "-q", "-c", "other")
    repo.commit("fix: b")
    repo.tag("v1.0.1")
    repo.git("switch", "-q", "main")
    repo.commit("fix: c")
    with pytest.raises(PermanentError, match=r"the tag v1\.0\.1 exists already") as caught:
        _next(repo)
    assert "--version" in caught.value.hint
    assert _next(repo, version="1.0.2")[0] == "1.0.2"


def test_unreachable_releases(repo: Any) -> None:
    """Releases outside the history are no start: files are, with a warning, and without files it is refused."""
    repo.commit("feat: a")
    repo.git("switch", "-q", "--orphan", "fresh")
    repo.commit("feat: b")
    repo.tag("v3.0.0", at="main")
    with pytest.raises(PermanentError, match="no release tag is part of this branch's history, though"):
        _next(repo)
    repo.commit("fix: c", {"VERSION": "3.0.0"})
    answer = current_and_next(repo.path, {}, run_date=RUN_DATE)
    assert answer.next == "3.1.0"
    assert "none is part of this branch's history" in answer.warnings[0]


@pytest.mark.parametrize("options", [("--depth=1", "--no-tags"), ("--depth=1",), ("--depth=2",)])
def test_a_shallow_clone_is_refused_with_the_fix(repo: Any, options: tuple[str, ...]) -> None:
    """A cut history that does not reach the last release never starts again from the beginning."""
    repo.commit("feat: a", {"VERSION": "1.0.0"})
    repo.tag("v1.0.0")
    for subject in ("fix: b", "fix: c", "fix: d"):
        repo.commit(subject)
    clone = repo.clone("clone", *options)
    for config in ({}, {"increment_type": "minor"}, {"version": "9.0.0"}):
        with pytest.raises(PermanentError, match="history incomplete") as caught:
            _next(clone, **config)
        assert "git fetch --unshallow --tags" in caught.value.hint
        assert "fetch-depth: 0" in caught.value.hint
    assert _next(repo.clone("deep", "--depth=4"))[0] == _next(repo)[0] == "1.0.1"


def test_epic_releases_go_by_task(repo: Any) -> None:
    """A task's next build follows its own tags, whatever other tasks released since."""
    lines = "VERSION_RC = 0\nVERSION_EPIC = 1\nVERSION_STORY = 4\nVERSION_TASK = 7\nVERSION_BUILD = 2\n"
    repo.commit("feat: a", {"version.py": lines})
    repo.tag("v0.1.4.7+2")
    repo.commit("Release v0.1.4.9+1: other")
    repo.tag("v0.1.4.9+1")
    repo.commit("fix: c")
    assert _next(repo, task="E1:S4:T7")[0] == "0.1.4.7+3"
    assert _next(repo, task="E1:S4:T9")[0] == "0.1.4.9+2"
    assert _next(repo, task="E2:S1:T1")[0] == "0.2.1.1+1"
    assert _next(repo)[:2] == ("0.1.4.7+3", "build")
    output = _run(repo, task="E2:S1:T1").output or {}
    assert output["files"] == ["version.py"]
    assert "VERSION_EPIC = 2\nVERSION_STORY = 1\nVERSION_TASK = 1\nVERSION_BUILD = 1\n" in (
        repo.path / "version.py"
    ).read_text(encoding="utf-8")


def test_few_git_processes_are_started(repo: Any, calls: list[str]) -> None:
    """A hundred commits cost three calls, and merges one more."""
    repo.commit("feat: a")
    repo.tag("v1.0.0")
    tree, parent = repo.git("rev-parse", "HEAD^{tree}"), repo.head
    for number in range(100):
        parent = repo.git("commit-tree", tree, "-p", parent, "-m", f"fix: number {number}")
    repo.git("reset", "-q", "--soft", parent)
    result = _run(repo)
    assert len((result.output or {})["commits"]) == 100
    assert calls == ["rev-parse", "for-each-ref", "log"]


def test_documents_must_be_confirmed_where_that_is_required(repo: Any) -> None:
    """`require_kb_docs_ok` asks for the parameter `kb_docs_ok` as true."""
    repo.commit("feat: a")
    for parameters, passes in (({}, False), ({"kb_docs_ok": False}, False), ({"kb_docs_ok": True}, True)):
        context = _context(repo.path, parameters)
        context.config["require_kb_docs_ok"] = True
        if passes:
            assert VersionBumpHandler().execute(context).status is StepStatus.SUCCESS
        else:
            with pytest.raises(PermanentError, match="kb_docs_ok must be given as true"):
                VersionBumpHandler().execute(context)


@pytest.mark.parametrize("git_files", [True, False])
def test_setting_a_version_needs_neither_tags_nor_agreement(make_repo: Callable[..., Any], git_files: bool) -> None:
    """`set_version` writes all files, which need not agree, and refuses what the scheme cannot read."""
    repo = make_repo()
    if git_files:
        repo.commit("x", {"README": "x"})
    repo.write({"VERSION": "1.0.0\n", "package.json": '{"version": "1.1.0"}'})
    assert set_version(repo.path, {}, "2.0.0-rc.1") == ["package.json", "VERSION"]
    assert (repo.path / "VERSION").read_text(encoding="utf-8") == "2.0.0-rc.1\n"
    with pytest.raises(PermanentError, match="no semver version"):
        set_version(repo.path, {}, "2.0")
    (repo.path / "VERSION").unlink()
    (repo.path / "package.json").unlink()
    with pytest.raises(PermanentError, match="no version file was found"):
        set_version(repo.path, {}, "2.0.0")


def test_what_people_read() -> None:
    """The handler describes itself."""
    assert VersionBumpHandler().get_step_info()["name"] == "Bump Version"
