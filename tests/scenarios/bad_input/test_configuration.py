"""Configurations that are wrong: every problem at once, with its place and the nearest name."""

from __future__ import annotations

import os

import pytest

NAME = "vwmp_config.yaml"
BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))

WRONG = [
    ("unknown-top", "pluginz: {}\n", (f"{NAME}:1:1", "pluginz", "did you mean 'plugins'?")),
    (
        "unknown-nested",
        "workflow_types:\n  release:\n    config:\n      version_fiel: VERSION\n",
        (f"{NAME}:4:7: workflow_types.release.config", "unknown key 'version_fiel'", "did you mean 'version_file'?"),
    ),
    (
        "unknown-handler-key",
        "step_handlers:\n  git.push:\n    config: {remot: x}\n",
        (f"{NAME}:3:14: step_handlers.git.push.config", "unknown key 'remot'", "did you mean 'remote'?"),
    ),
    (
        "unknown-handler",
        "step_handlers:\n  git.puhs: {}\n  git.pull: {enabled: true}\n",
        (f"{NAME}:3:3", "git.pull", "did you mean 'git.push'?"),
    ),
    (
        "unknown-adapter",
        "integration_adapters: {gti: {config: {remote: x}}}\n",
        (f"{NAME}:1:24", "unknown integration adapter 'gti'"),
    ),
    (
        "wrong-type",
        "workflow_types:\n  release:\n    config:\n      tag_template: [v]\n",
        (f"{NAME}:4:21: workflow_types.release.config.tag_template", "must be a string, got a list"),
    ),
    ("wrong-section", "plugins: []\n", (f"{NAME}:1:10: plugins", "mapping")),
    (
        "wrong-enum",
        "defaults:\n  increment_type: mayor\n",
        (f"{NAME}:2:19", "'mayor'", "major"),
    ),
    ("wrong-number", "defaults: {timeout: -3}\n", (f"{NAME}:1:21", "timeout", "more than 0")),
    ("syntax", "plugins: {a: [1, 2}\n", (f"{NAME}:1:19",)),
    ("tab", "plugins:\n\tenabled: true\n", (f"{NAME}:2:1",)),
    ("duplicate", "defaults:\n  timeout: 1\n  timeout: 2\n", (f"{NAME}:3:3", "'timeout'", "2:3")),
    ("alias-bomb", BOMB, (f"{NAME}:", "alias")),
    ("python-tag", "defaults: !!python/object/apply:os.system ['touch pwned']\n", (f"{NAME}:1:11",)),
    ("10-mb", "# " + "x" * 10_000_000 + "\n", (f"{NAME}: has more than", "bytes")),
    ("deep", "a: " + "[" * 4000 + "]" * 4000 + "\n", (f"{NAME}:1:", "deep")),
    ("list", "- one\n", (f"{NAME}:1:1", "must hold a mapping")),
    ("two-documents", "defaults: {}\n---\ndefaults: {}\n", (f"{NAME}:2:1",)),
    ("not-utf-8", "defaults: {summary: für}\n".encode("latin-1"), (f"{NAME}:1:22", "UTF-8")),
    ("utf-16", "defaults: {}\n".encode("utf-16"), (f"{NAME}", "UTF-8")),
    ("control", "defaults: {summary: \x07}\n", (f"{NAME}:1:21",)),
    ("newer", "config_version: 99\n", (f"{NAME}:1:17: config_version", "upgrade vwmp-release")),
    ("extends-missing", "extends: base.yaml\n", (f"{NAME}:1:10: extends", "'base.yaml' does not exist")),
    ("extends-itself", f"extends: {NAME}\n", (f"{NAME}:1:10: extends", "circle")),
    ("extends-outside", "extends: ../base.yaml\n", (f"{NAME}:1:10: extends", "outside the repository")),
    ("retry", "step_handlers: {git.push: {retry: {max_attempts: many}}}\n", (f"{NAME}:1:50", "max_attempts")),
    ("method", "plugins: {discovery: {method: magic}}\n", (f"{NAME}:1:31", "file_based", "entry_points")),
]


@pytest.mark.parametrize(("text", "words"), [pytest.param(*rest, id=name) for name, *rest in WRONG])
def test_a_configuration_that_is_wrong(text, words, make_project, refuse):
    """Each is refused at its place before anything is done."""
    repo = make_project({NAME: text})
    refuse(repo, 2, *words)
    assert not list(repo.path.parent.rglob("pwned"))


@pytest.mark.parametrize(("text", "words"), [pytest.param(*WRONG[i][1:], id=WRONG[i][0]) for i in (1, 2, 9, 11, 18)])
@pytest.mark.parametrize("args", ["run --yes --json", "plan --json", "plan"])
def test_the_same_in_a_plan_and_as_json(text, words, args, make_project, refuse):
    """A plan, and JSON, tell the same problems at the same places."""
    words = [part.strip() for word in words for part in word.split(": ")] if "--json" in args else words
    refuse(make_project({NAME: text}), 2, *words, args=args)


SEVERAL = """\
pluginz: {}
workflow_types:
  release:
    config:
      version_fiel: VERSION
      tag_template: 7
step_handlers:
  git.push: {config: {timeout: soon}}
"""


@pytest.mark.parametrize("args", ["run --yes", "plan --json", "check"])
def test_all_problems_at_once(args, make_project, refuse):
    """Problems of every sort come together, in the order of the file."""
    places = [f"{NAME}:1:1", f"{NAME}:5:7", f"{NAME}:6:21", f"{NAME}:8:32"]
    words = ("pluginz", "version_fiel", "tag_template", "timeout")
    status = 1 if args == "check" else 2
    ended = refuse(make_project({NAME: SEVERAL}), status, *words, *places, args=args)
    text = ended.out + ended.err
    if "--json" not in args:
        assert sorted(places, key=text.index) == places


OUTSIDE = [
    ("version_file", "../x", 1),
    ("version_file", "/etc/hostname", 1),
    ("version_file", "link", 1),
    ("version_file", "folder/x", 1),
    ("main_changelog", "/etc/x", 1),
    ("main_changelog", "../x.md", 1),
    ("main_changelog", "link", 1),
    ("main_changelog", ".git/config", 1),
    ("version_file", ".git/HEAD", 1),
    ("readme_file", "../README.md", 0),
    ("changelog_dir", "../archive", 1),
    ("changelog_dir", "folder", 1),
]


@pytest.mark.parametrize(("key", "path", "status"), OUTSIDE)
def test_paths_outside_the_repository(key, path, status, make_project, tmp_path, tool, says, same):
    """A path that leads out of the repository, by itself or through a link, is neither read nor written."""
    repo = make_project({NAME: f"workflow_types: {{release: {{config: {{{key}: {path}}}}}}}\n"})
    (tmp_path / "x").write_text("1.0.0\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("<!-- vwmp:version -->1.0.0<!-- /vwmp:version -->\n", encoding="utf-8")
    os.symlink("../x", repo.path / "link")
    os.symlink("..", repo.path / "folder")
    repo.git("add", "link", "folder")
    repo.git("commit", "--quiet", "--message", "fix: links")
    repo.git("push", "--quiet")
    outside = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    if status:
        with same(repo):
            ended = tool(repo, "run", "--yes")
    else:
        ended = tool(repo, "run", "--yes")
    assert ended.code == status, str(ended)
    says(ended, key, path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == outside


def test_a_configuration_that_is_a_link_outwards(project, refuse, tmp_path):
    """The configuration itself must not be a link out of the repository."""
    (tmp_path / "evil.yaml").write_text("defaults: {timeout: 1}\n", encoding="utf-8")
    os.symlink("../evil.yaml", project.path / NAME)
    refuse(project, 2, NAME, "is a link that leads out of the repository")


def test_two_configurations(make_project, refuse):
    """Two files that could be meant are refused."""
    refuse(make_project({NAME: "", "vwmp_config.yml": ""}), 2, NAME, "vwmp_config.yml", "keep one of them")


@pytest.mark.parametrize("what", ["missing", "folder", "unreadable"])
def test_a_named_configuration_that_cannot_be_read(what, project, refuse, tmp_path):
    """A configuration that is named must be there."""
    path = tmp_path / "named.yaml"
    if what == "folder":
        path.mkdir()
    elif what == "unreadable":
        os.mkfifo(path)
    refuse(project, 2, "named.yaml", args=("run", "--yes", "--config", str(path)))


def test_an_empty_configuration_is_none(make_project, released):
    """A file of nothing but comments changes nothing."""
    released(make_project({NAME: "# nothing\n"}))
