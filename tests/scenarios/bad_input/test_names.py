"""Names and messages that look like options, commands, placeholders or escapes: nothing of them runs."""

from __future__ import annotations

import pytest

NAME = "vwmp_config.yaml"


def _config(**values: str) -> dict[str, str | bytes]:
    lines = "".join(f"      {key}: {value}\n" for key, value in values.items())
    return {NAME: f"workflow_types:\n  release:\n    config:\n{lines}"}


@pytest.fixture
def nothing_ran(tmp_path):
    """Assert that no command out of a text has run."""

    def check() -> None:
        assert not [path for path in tmp_path.rglob("*") if path.name.startswith("pwned")]

    return check


BRANCHES = [
    "-d",
    "--exec=touch-pwned",
    "$(touch${IFS}pwned)",
    "`touch${IFS}pwned`",
    "a'b\"c",
    "ünïcode-😀",
    "x;touch=pwned",
]


@pytest.mark.parametrize("branch", BRANCHES[2:])
def test_a_branch_with_odd_characters(branch, project, released, nothing_ran, origin):
    """A branch may be called whatever git allows; the release goes to that very branch."""
    project.git("switch", "--quiet", "--create", branch)
    released(project)
    assert origin(project).git("rev-parse", f"refs/heads/{branch}") == project.head
    nothing_ran()


@pytest.mark.parametrize("branch", BRANCHES[:2])
def test_a_branch_named_like_an_option(branch, project, tool, nothing_ran, origin):
    """A branch that begins with a dash is released or refused, and is never an option."""
    project.git("update-ref", f"refs/heads/{branch}", "HEAD")
    project.git("symbolic-ref", "HEAD", f"refs/heads/{branch}")
    ended = tool(project, "run", "--yes")
    if ended.code:
        assert (ended.code, branch in ended.out) == (4, True), str(ended)
    else:
        assert origin(project).git("rev-parse", f"refs/heads/{branch}") == project.head
    nothing_ran()


SUBJECTS = [
    "fix: $(touch pwned) and `touch pwned`",
    "fix: --exec=touch pwned; touch pwned | touch pwned",
    "fix: 'quoted' \"twice\" \\ and %s %n {version} {summary} ${env.HOME} $${x}",
    "fix: \x1b[31mred\x1b[0m and \u202eback\u202c",
    "fix: ::set-output name=x::y\n\n::error::forged\n##[error]forged\n::add-mask::1",
    "fix: <script>alert(1)</script> [x](javascript:alert(1)) | a | b | @everyone #1",
    "fix: " + "long " * 3000,
    "fix: bad \udcff bytes",
    "-fix: dash",
]


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("env", [{}, {"GITHUB_ACTIONS": "true"}])
def test_commit_messages_are_only_text(subject, env, project, released, nothing_ran, tmp_path):
    """A commit's message is shown and written as text, whatever it holds."""
    (tmp_path / "runner").mkdir()
    project.commit("placeholder")
    message = subject.encode("utf-8", "surrogateescape")
    project.git("commit", "--amend", "--quiet", "--allow-empty", "--cleanup=verbatim", "--file=-", stdin=message)
    ended = released(project, env={**env, "RUNNER_TEMP": str(tmp_path / "runner")})
    assert "\x1b" not in ended.out + ended.err
    forged = ("::set-output", "::add-mask", "::error::for")
    assert not [line for line in ended.out.splitlines() if line.lstrip().startswith(forged)]
    assert "##[error]forged" not in ended.out
    nothing_ran()


SUMMARIES = [
    "--exec=touch pwned",
    "$(touch pwned) `touch pwned`",
    "-m pwned; touch pwned",
    "{version} ${env.HOME} %H 'x' \"y\"",
]


@pytest.mark.parametrize("summary", SUMMARIES)
def test_a_summary_is_only_text(summary, project, released, nothing_ran):
    """A summary comes out in the tag's message as it went in."""
    released(project, "--summary", summary)
    assert summary in project.git("tag", "--list", "--format=%(contents)", "v1.0.1")
    nothing_ran()


TEMPLATES = [
    ("tag_template", "'-d {version}'", 1, ("'-d 1.0.0' cannot be the name of a tag", "it begins with a dash")),
    ("tag_template", "'--exec=touch pwned {version}'", 1, ("--exec=touch pwned",)),
    ("tag_template", "'v{version} x'", 1, ("'v1.0.0 x' cannot be the name of a tag",)),
    ("tag_template", "'v{unknown}'", 1, ("{unknown}", "{version}")),
    ("tag_template", "'v{version'", 1, ("v{version",)),
    ("tag_template", "'fixed'", 1, ("{version}",)),
    ("tag_template", "'../{version}'", 1, ("../",)),
    ("tag_template", "'refs/heads/{version}.lock'", 1, (".lock",)),
    ("tag_template", '"v{version}\\n"', 1, ("tag",)),
    ("tag_template", "'${env.HOME_NOT_SET}{version}'", 2, ("HOME_NOT_SET",)),
    ("message_template", "'{version} {unknown}'", 1, ("{unknown}",)),
    ("message_template", "'{version.__class__} ${version}'", 2, ("${version}",)),
    ("message_template", "'{version.__class__}'", 0, ()),
    ("message_template", "''", 0, ()),
    ("message_template", "'# {version}'", 0, ()),
]


@pytest.mark.parametrize(("key", "value", "status", "words"), TEMPLATES)
def test_templates(key, value, status, words, make_project, tool, same, says, nothing_ran):
    """A template that gives no usable name or text is refused; it is never an option or a command."""
    repo = make_project(_config(**{key: value}))
    if status:
        with same(repo):
            ended = tool(repo, "run", "--yes")
    else:
        ended = tool(repo, "run", "--yes")
    assert ended.code == status, str(ended)
    says(ended, *words)
    nothing_ran()


MESSAGES = [
    "'--amend {version}'",
    "'-F /etc/passwd {version}'",
    "'$(touch pwned) {version}'",
    '"{version}\\n\\n-- x\\n# kept\\n"',
]


@pytest.mark.parametrize("value", MESSAGES)
def test_a_message_template_that_looks_like_an_option(value, make_project, released, nothing_ran):
    """A message that begins with a dash is a message."""
    before = make_project(_config(message_template=value))
    base = before.head
    released(before)
    assert before.git("rev-parse", "HEAD~1") == base
    assert before.git("log", "-1", "--format=%B").startswith(value.strip("'\"").partition("{")[0])
    nothing_ran()


FILES = [
    "ver sion.txt",
    'it\'s "quoted".txt',
    "-rf",
    "--exec=touch pwned",
    "ünï-😀.txt",
    "$(touch pwned)",
    "a;touch pwned",
    ":(glob)*",
    "star*.txt",
    "new\nline.txt",
    "tab\there",
    "back\\slash",
    "con{version}",
    " leading",
    "dir with space/-v/VERSION",
]


@pytest.mark.parametrize("name", FILES)
def test_a_version_file_with_an_odd_name(name, make_repo, released, nothing_ran):
    """A version file is found and changed whatever its name is; what is beside it is not."""
    import json

    repo = make_repo()
    config = json.dumps({"workflow_types": {"release": {"config": {"version_file": name}}}}, ensure_ascii=False)
    repo.commit("feat: one", {name: "1.0.0\n", NAME: config, "star1.txt": "1.0.0\n", "v": "1.0.0\n"})
    repo.tag("v1.0.0")
    repo.commit("fix: two")
    repo.remote()
    released(repo)
    assert (repo.path / name).read_bytes() == b"1.0.1\n"
    changed = repo.git("diff", "-z", "--name-only", "HEAD~1", "HEAD").strip("\0").split("\0")
    assert sorted(changed) == sorted([name, "CHANGELOG.md"])
    assert repo.git("status", "--porcelain") == ""
    nothing_ran()


def test_files_with_odd_names_beside_the_release(project, released, nothing_ran):
    """Files of the tree keep their odd names and bytes, tracked or not."""
    project.write(dict.fromkeys(FILES, "x\n"))
    project.git("add", "--", *FILES[::2])
    project.git("commit", "--quiet", "--message", "fix: odd names")
    project.git("push", "--quiet")
    before = project.snapshot()["files"]
    status = project.git("status", "--porcelain", "-z")
    released(project)
    after = project.snapshot()["files"]
    assert {name: after[name] for name in before if name != "VERSION"} == {
        name: content for name, content in before.items() if name != "VERSION"
    }
    assert project.git("status", "--porcelain", "-z") == status
    nothing_ran()


def test_uncommitted_files_with_odd_names(project, released, nothing_ran):
    """`include_uncommitted` takes files whatever they are called."""
    project.write(dict.fromkeys(FILES, "x\n"))
    released(project, "-p", "include_uncommitted=true")
    assert project.git("status", "--porcelain") == ""
    assert project.show("-rf") == b"x\n"
    nothing_ran()


VERSIONS = ["--exec=touch pwned", "1.0.1; touch pwned", "../1.0.1", "1.0.1\n2", "v1.0.1", "1.0", "٣.٠.٠"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_that_is_none(version, project, refuse, nothing_ran):
    """A version that the scheme cannot read is refused."""
    refuse(project, 1, "is no semver version", args=("run", "--yes", f"--version={version}"))
    nothing_ran()


@pytest.mark.parametrize("channel", ["a b", "Ünï", "$(touch pwned)", "1", "a..b"])
def test_a_channel_that_is_none(channel, project, refuse, nothing_ran):
    """A prerelease channel that makes no version is refused."""
    words = f"{channel!r} is no prerelease channel", "letters, digits and hyphens"
    refuse(project, 1, *words, args=("run", "--yes", f"--pre={channel}"))
    nothing_ran()


@pytest.mark.parametrize("remote", ["--upload-pack=touch pwned", "$(touch pwned)", "-o"])
def test_a_remote_named_like_an_option(remote, project, refuse, nothing_ran):
    """A remote is a name, never an option and never an address."""
    refuse(project, 2, remote, args=("run", "--yes", "-p", f"remote={remote}"))
    nothing_ran()
