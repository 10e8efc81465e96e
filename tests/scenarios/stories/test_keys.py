"""Every key of every step with a value that is not its default, through the program itself."""

from __future__ import annotations

import pytest

FILES = {"VERSION": "1.2.3\n"}


@pytest.fixture
def released(project, release, config):
    """Cut a release of a feature with keys of the workflow or of handlers set."""

    def make(files=None, handlers=None, args=(), commit="feat: more", tag="v1.2.3", **keys):
        repo = project({**FILES, **(files or {}), "vwmp_config.yaml": config(handlers, **keys)}, tag=tag)
        repo.commit(commit)
        return repo, release(repo, *args)

    return make


def _bump(files=None, text="1.2.3", tag=None, **keys):
    return {"files": {"VERSION": f"{text}\n", **(files or {})}, "tag": f"v{text}" if tag is None else tag, **keys}


BREAKING = "feat!: other"
VERSIONS = {
    "increment_type patch": (_bump(increment_type="patch"), "1.2.4"),
    "increment_type feature": (_bump(increment_type="feature"), "1.3.0"),
    "increment_type feature_set": (_bump(increment_type="feature_set"), "1.3.0"),
    "increment_type major": (_bump(increment_type="major"), "2.0.0"),
    "increment_type preminor": (_bump(increment_type="preminor"), "1.3.0-rc.1"),
    "four-part, patch": (_bump(text="0.21.0.1", increment_type="patch"), "0.21.0.2"),
    "four-part, minor": (_bump(text="0.21.0.1", increment_type="minor"), "0.21.1.0"),
    "four-part, feature": (_bump(text="0.21.0.1", increment_type="feature"), "0.21.1.0"),
    "four-part, feature_set": (_bump(text="0.21.0.1", increment_type="feature_set"), "0.22.0.0"),
    "four-part, major": (_bump(text="0.21.0.1", increment_type="major"), "1.0.0.0"),
    "four-part, build": (_bump(text="0.21.0.1+4", increment_type="build"), "0.21.0.1+5"),
    "reset_build": (_bump(text="0.21.0.1+4", increment_type="patch", reset_build=False), "0.21.0.2+4"),
    "build goes": (_bump(text="0.21.0.1+4", increment_type="patch"), "0.21.0.2"),
    "scheme": (_bump(text="0.1.4.7+2", scheme="epic", increment_type="build"), "0.1.4.7+3"),
    "0.x, breaking": (_bump(text="0.4.1", commit=BREAKING), "0.5.0"),
    "zero_version breaking": (_bump(text="0.4.1", commit=BREAKING, zero_version={"breaking": "major"}), "1.0.0"),
    "zero_version feat": (_bump(text="0.4.1", zero_version={"feat": "patch"}), "0.4.2"),
    "--bump": (_bump(args=("--bump", "major")), "2.0.0"),
    "--version": (_bump(args=("--version", "7.0.0")), "7.0.0"),
    "--pre": (_bump(args=("--pre", "beta")), "1.3.0-beta.1"),
    "-p": (_bump(args=("-p", "increment_type=major")), "2.0.0"),
}


@pytest.mark.parametrize(("given", "version"), VERSIONS.values(), ids=VERSIONS)
def test_next_version(released, given, version):
    """The version is computed by the key, written into the file, and tagged."""
    repo, document = released(**given)
    assert document["version"] == version
    assert repo.show("VERSION").decode() == f"{version}\n"
    assert document["tag"] == f"v{version}"


def test_first_version(make_repo, release, config):
    """`first_version` is released where neither tag nor file says one."""
    repo = make_repo()
    repo.commit("feat: x", {"vwmp_config.yaml": config(first_version="3.0.0")})
    repo.remote()
    assert release(repo)["version"] == "3.0.0"


def test_prereleases_and_graduation(project, release):
    """Two betas, each with its own number, then the stable version, which holds the commits of both."""
    repo = project(FILES)
    for message, args, version in (
        ("feat: one", ("--pre", "beta"), "1.3.0-beta.1"),
        ("fix: two", ("--pre", "beta"), "1.3.0-beta.2"),
        ("docs: three", ("--graduate",), "1.3.0"),
    ):
        repo.commit(message)
        document = release(repo, *args)
        assert document["version"] == version
    assert "- one" in document["notes"]
    assert "- two" in document["notes"]


def test_version_files_with_a_pattern(released):
    """A list of targets: a path, a mapping with a literal pattern, and one with a regular expression."""
    files = {"doc/conf.py": "version = '1.2.3'\nneeds = '1.2.3'\n", "a.txt": "app 1.2.3 of 1.2.3\n"}
    targets = [
        "VERSION",
        {"path": "doc/conf.py", "pattern": "version = '{version}'"},
        {"path": "a.txt", "pattern": r"^app (?P<version>\S+)"},
    ]
    repo, _ = released(files, version_files=targets)
    assert repo.show("doc/conf.py").decode() == "version = '1.3.0'\nneeds = '1.2.3'\n"
    assert repo.show("a.txt").decode() == "app 1.3.0 of 1.2.3\n"


def test_one_version_file(released):
    """`version_file` names the only one; what would have been found stays."""
    repo, _ = released({"other.txt": "1.2.3\n"}, version_file="other.txt")
    assert (repo.show("VERSION"), repo.show("other.txt")) == (b"1.2.3\n", b"1.3.0\n")


# the changelogs -------------------------------------------------------------------------------------------------------


def test_detailed_changelog(released):
    """Folder and date form are kept; summary and tasks are left out; the person's words are the changes."""
    words = "Much was done\nfor E1:S2:T3"
    repo, _ = released(
        changelog_dir="notes", format="date_only", include_summary=False, include_tasks=False,
        args=("-p", f"detailed_changes={words}", "-p", "change_type=security"),
    )  # fmt: skip
    text = repo.show("notes/CHANGELOG_v1.3.0.md").decode()
    assert "**Release Date:** 2026-01-31\n" in text
    assert "**Type:** 🔒 Security\n" in text
    assert words in text
    assert "## Summary" not in text
    assert "## Related Tasks" not in text
    assert "[Detailed changelog](notes/CHANGELOG_v1.3.0.md)" in repo.show("CHANGELOG.md").decode()


def test_no_link_to_the_detailed_changelog(released):
    """`link_to_detailed: false` leaves the link out."""
    repo, _ = released(changelog_dir="notes", link_to_detailed=False)
    assert "notes/" not in repo.show("CHANGELOG.md").decode()


OLD = "# Changelog\n\n## [1.2.3] - 2025-01-XX\n\n- Old, with  odd   blanks \n"
TEMPLATE = "## {{ version }} of {{ date }}\n\n{% for group in groups %}{{ group.title }};{% endfor %}\n"
CHANGELOGS = {
    "keep-a-changelog": (
        {"style": "keep-a-changelog"},
        "## [1.3.0] - 2026-01-31\n\n### Added\n\n- more ",
    ),
    "summary": ({"style": "summary", "date_format": "DD-MM-YY"}, "### [1.3.0] - 31-01-26\n\n- 🚀 Feature: more\n"),
    "strftime": ({"date_format": "%d %B %Y"}, "## 1.3.0 (31 January 2026)\n"),
}


@pytest.mark.parametrize(("keys", "section"), CHANGELOGS.values(), ids=CHANGELOGS)
def test_changelog_styles(released, keys, section):
    """The section has the form of the style, and every byte around it stays."""
    repo, _ = released({"CHANGELOG.md": OLD}, **keys)
    new = repo.show("CHANGELOG.md").decode()
    assert section in new
    assert new.startswith("# Changelog\n")
    assert new.endswith(OLD.removeprefix("# Changelog\n\n"))


def test_changelog_template(released):
    """A Jinja2 template makes the section."""
    pytest.importorskip("jinja2")
    repo, document = released({"section.md.j2": TEMPLATE}, style="section.md.j2")
    assert "## 1.3.0 of 2026-01-31\n\nFeatures;\n" in repo.show("CHANGELOG.md").decode()
    assert "Features;" in document["notes"]


def test_changelog_at_the_end(released):
    """`prepend: false` appends, and `main_changelog` names the file."""
    repo, _ = released({"docs/NEWS.md": "# News\n\n## 1.2.3\n\n- old\n"}, main_changelog="docs/NEWS.md", prepend=False)
    text = repo.show("docs/NEWS.md").decode()
    assert text.startswith("# News\n\n## 1.2.3\n\n- old\n")
    assert text.index("## 1.3.0") > text.index("- old")


# README and kanban ----------------------------------------------------------------------------------------------------

README = "![v](https://img.shields.io/badge/release-1.2.3-green)\n\n**🎉 Latest Release: v1.2.3** - 🐞 Fix: old\n"


@pytest.mark.parametrize(
    ("keys", "badge", "line"),
    [
        ({"badge_format": "release-{version}-green"}, True, True),
        ({"badge_format": "release-{version}-green", "update_latest_release": False}, True, False),
        ({"badge_format": "release-{version}-green", "update_badge": False}, False, True),
        ({"skip_readme": True}, False, False),
    ],
)
def test_readme(released, keys, badge, line):
    """Badge and line are each updated unless their key says no; the badge's form and the file can be chosen."""
    repo, _ = released({"docs/README.txt": README}, readme_file="docs/README.txt", **keys)
    text = repo.show("docs/README.txt").decode()
    assert ("release-1.3.0-green" in text) is badge
    assert ("Latest Release: v1.3.0** - 🚀 Feature: more" in text) is line


def test_skip_readme_parameter(released, outcomes):
    """`-p skip_readme=true` leaves the README alone."""
    repo, document = released({"README.md": README}, args=("-p", "skip_readme=true"))
    assert repo.show("README.md").decode() == README
    assert outcomes(document)["readme_update"] == "skipped"


def test_quick_release(project, release):
    """The template Quick Release has no README step."""
    text = "workflow_types: {release: {template: Quick Release}}\n"
    repo = project({**FILES, "README.md": README, "vwmp_config.yaml": text})
    repo.commit("fix: x")
    document = release(repo)
    assert "readme_update" not in {step["id"] for step in document["steps"]}
    assert len(document["steps"]) == 9
    assert repo.show("README.md").decode() == README


def test_kanban(released):
    """Own paths; stories and Last updated can be left alone; tasks can be given."""
    doc = "# Epic 3\n\n**Status:** TODO\n**Last updated:** 2025-01-01\n\n- [ ] E3:S1 Story\n- [ ] E3:S1:T1 Task\n"
    keys = {"epic_doc_pattern": "docs/e{epic}.md", "update_stories": False, "update_last_updated": False}
    keys |= {"tasks": ["E3:S1:T1"]}
    repo, _ = released({"docs/e3.md": doc}, handlers={"vwmp.kanban_update": keys})
    assert repo.show("docs/e3.md").decode() == doc.replace("[ ] E3:S1:T1 Task", "[x] E3:S1:T1 Task (v1.3.0)")


# git ------------------------------------------------------------------------------------------------------------------


def test_staging(released):
    """`paths` and `exclude` decide what goes into the release; the rest is named in a warning."""
    keys = {"paths": ["VERSION", "*.md"], "exclude": ["README.md"]}
    _, document = released({"README.md": README}, handlers={"git.stage_all": keys})
    assert [change["path"] for change in document["files"]] == ["CHANGELOG.md", "VERSION"]
    assert "README.md" in document["warnings"][0]["message"]


def test_staging_of_ignored_files(released):
    """`force: true` takes files that git ignores."""
    _, document = released({".gitignore": "CHANGELOG.md\n"}, handlers={"git.stage_all": {"force": True}})
    assert [change["path"] for change in document["files"]] == ["CHANGELOG.md", "VERSION"]


def test_commit(released):
    """Message, changes and author are as configured, and `hooks: skip` runs no hook."""
    keys = {
        "message_template": "{version} - {summary} [{type}] {tag} {date}",
        "include_changes": True,
        "author": "Some One <some@one.example>",
        "hooks": "skip",
    }
    repo, _ = released(handlers={"git.commit": keys})
    message = repo.git("log", "-1", "--format=%an <%ae>%n%B").splitlines()
    assert message[:2] == ["Some One <some@one.example>", "1.3.0 - more [feature] v1.3.0 2026-01-31"]
    assert any("- more" in line for line in message[2:])


@pytest.mark.parametrize(("hooks", "status"), [("skip", 0), ("run", 1)])
def test_hooks(project, tool, config, hooks, status):
    """The repository's hooks run by default, and one that refuses stops the release; `skip` leaves them out."""
    repo = project({**FILES, "vwmp_config.yaml": config({"git.commit": {"hooks": hooks}})})
    repo.commit("feat: more")
    repo.hook("pre-commit", "echo no such luck; exit 1")
    ended = tool(repo, "run", "--yes", status=status)
    assert ("no such luck" in ended.out) is bool(status)


def test_tag_template(released, origin, tag_message):
    """The tag's name and message are as configured."""
    keys = {"tag_template": "app-{version}", "message_template": "{tag} on {date}"}
    repo, document = released(tag="app-1.2.3", handlers={"git.create_tag": keys}, tag_template="app-{version}")
    assert document["tag"] == "app-1.3.0"
    assert tag_message(origin(repo), "app-1.3.0")[0] == "app-1.3.0 on 2026-01-31"


def test_lightweight_tag(released, origin):
    """`annotated: false`: the id is the last line of the commit's message."""
    repo, document = released(handlers={"git.create_tag": {"annotated": False}})
    assert origin(repo).git("cat-file", "-t", "refs/tags/v1.3.0") == "commit"
    lines = repo.git("log", "-1", "--format=%B").splitlines()
    assert (lines[0], lines[-1]) == ("chore(release): 1.3.0", document["run"]["id"])


def test_floating_tags(released, release, origin):
    """Floating tags are made with the first release and moved by the second; a prerelease moves none."""
    repo, first = released(handlers={"git.create_tag": {"floating": ["v{major}", "v{major}.{minor}"]}})
    bare = origin(repo)
    assert bare.git("rev-parse", "v1^{commit}", "v1.3^{commit}").split() == [first["commit_sha"]] * 2
    repo.commit("fix: x")
    second = release(repo)
    assert bare.git("rev-parse", "v1^{commit}", "v1.3^{commit}").split() == [second["commit_sha"]] * 2
    assert repo.git("rev-parse", "v1^{commit}") == second["commit_sha"]
    repo.commit("fix: y")
    release(repo, "--pre", "rc")
    assert bare.git("rev-parse", "v1^{commit}") == second["commit_sha"]


def test_forced_tag(project, tool, config):
    """A tag that stands elsewhere stops the release; with `force: true` it is moved."""
    repo = project({**FILES, "vwmp_config.yaml": config({"git.create_tag": {"tag_template": "current"}})})
    repo.tag("current")
    repo.git("push", "--quiet", "origin", "current")
    repo.commit("feat: more")
    assert "the tag current exists already" in tool(repo, "run", "--yes", status=1).out
    repo.commit(
        "fix: force", {"vwmp_config.yaml": config({"git.create_tag": {"tag_template": "current", "force": True}})}
    )
    tool(repo, "run", "--yes")
    assert repo.git("rev-parse", "current^{commit}") == repo.head


def test_push_without_tags(project, tool, config, origin):
    """`push_tags: false` pushes the branch alone; the tag is here."""
    repo = project({**FILES, "vwmp_config.yaml": config({"git.push": {"push_tags": False}})})
    repo.commit("feat: more")
    document = tool(repo, "run", "--yes", "--json").json
    assert document["push"]["tags"] == []
    assert "v1.3.0" not in origin(repo).tags
    assert "v1.3.0" in repo.tags
    assert origin(repo).head == repo.head


def test_push_to_another_branch_and_remote(project, tool, config):
    """`remote` and `branch` say where to; `upstream: true` lets the local branch track it."""
    keys = {"remote": "mirror", "branch": "stable", "upstream": True}
    repo = project({**FILES, "vwmp_config.yaml": config({"git.push": keys})})
    repo.git("branch", "stable")
    mirror = repo.remote("mirror")
    repo.git("checkout", "--quiet", "stable")
    repo.git("branch", "--unset-upstream")
    repo.commit("feat: more")
    tool(repo, "run", "--yes")
    assert mirror.git("rev-parse", "stable") == repo.head
    assert repo.git("rev-parse", "--abbrev-ref", "stable@{upstream}") == "mirror/stable"


def test_forced_push(project, tool, config):
    """A rewritten branch is refused; with `force: true` it is published, against what the remote was seen to have."""
    repo = project({**FILES, "vwmp_config.yaml": config()})
    repo.commit("feat: published")
    repo.git("push", "--quiet", "origin", "main")
    repo.git("commit", "--quiet", "--amend", "--allow-empty", "--message=feat: rewritten")
    tool(repo, "run", "--yes", status=4)
    tool(repo, "run", "--yes", "-p", "force=true")
    assert repo.git("ls-remote", "origin", "refs/heads/main").split()[0] == repo.head


def test_no_push(project, release, origin):
    """`--no-push` releases here only, and says how to push."""
    repo = project(FILES)
    repo.commit("feat: more")
    before = origin(repo).snapshot()
    document = release(repo, "--no-push", pushed=False)
    assert document["push"]["verdict"] == ""
    assert origin(repo).snapshot() == before


# parameters and validators --------------------------------------------------------------------------------------------


def test_summary(released, tag_message, origin):
    """`--summary` and `change_type` are used wherever a release is described."""
    args = ("--summary", "Faster imports for all", "-p", "change_type=infrastructure")
    repo, document = released(
        {"README.md": README}, args=args, handlers={"git.commit": {"message_template": "{version} - {summary}"}}
    )
    assert repo.git("log", "-1", "--format=%s") == "1.3.0 - Faster imports for all"
    assert tag_message(origin(repo), "v1.3.0")[0] == "Release v1.3.0: Faster imports for all"
    assert "🔧 Infrastructure: Faster imports for all" in repo.show("README.md").decode()
    assert document["summary"] == "Faster imports for all"


def test_documents_must_be_confirmed(project, tool, release, config):
    """`require_kb_docs_ok` asks for `kb_docs_ok`, and takes nothing but true."""
    repo = project({**FILES, "vwmp_config.yaml": config(require_kb_docs_ok=True)})
    repo.commit("feat: more")
    for args in ((), ("-p", "kb_docs_ok=false")):
        ended = tool(repo, "run", "--yes", *args, status=1)
        assert "kb_docs_ok" in ended.out
        assert "-p kb_docs_ok=true" in ended.out
    assert release(repo, "-p", "kb_docs_ok=true")["version"] == "1.3.0"


SLOW = "import time; time.sleep(60)\n"
WARNS = "import sys\nprint('VERSION:1:1: warning: odd')\nsys.exit('--strict' in sys.argv)\n"


@pytest.mark.parametrize(
    ("keys", "status", "said"),
    [
        ({"validators": ["warns.py"]}, 1, "VERSION:1:1: warning: odd"),
        ({"validators": ["warns.py"], "strict_mode": False}, 0, "VERSION:1:1: warning: odd"),
        ({"validators": ["fails.py", "warns.py"]}, 1, "warns.py: not run"),
        ({"validators": ["fails.py", "warns.py"], "continue_on_error": True}, 1, "2 of 2 validators failed"),
        ({"validators": ["slow.py"], "timeout": 0.5}, 1, "0.5 s"),
        ({"validators": [["git", "--version"], "clean_tree", "conventional_commits"]}, 0, "clean_tree"),
        ({"validators": ["branch_context"], "branch_pattern": "^(?P<epic>1)?main"}, 0, "branch_context"),
    ],
)
def test_validators(project, tool, config, keys, status, said):
    """Strictness, order, time limits, commands and built-in checks are as configured."""
    files = {"slow.py": SLOW, "warns.py": WARNS, "fails.py": "raise SystemExit(1)\n"}
    repo = project({**FILES, **files, "vwmp_config.yaml": config({"vwmp.run_validators": keys})})
    repo.commit("feat: more")
    assert said in tool(repo, "run", "--yes", status=status).out
