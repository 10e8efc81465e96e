"""`git.create_tag`: names, messages, existing tags, and the run's id as the last line."""

from __future__ import annotations

from typing import Any

import pytest

from vwmp_release.errors import PermanentError


def _committed(release: Any, version: str = "1.0.0", **given: Any) -> str:
    release.open()
    release.gives(new_version=version, old_version="0.9.0", **given)
    release.write("VERSION", f"{version}\n")
    release.step("stage_all")
    output = release.step("commit").output
    return str(output["commit_hash"])


def test_annotated_tag(release: Any) -> None:
    """The tag's message ends with the run's id; its date is the run's."""
    commit = _committed(release)
    output = release.step("create_tag").output
    identity = release.adapter.git("rev-parse", "refs/tags/v1.0.0")
    message = f"Release v1.0.0: A summary of the release\n\n{release.run.id}"
    assert output == {
        "tag_name": "v1.0.0", "tag_message": message, "tag_hash": identity, "floating_tags": [], "commit_hash": commit,
    }  # fmt: skip
    raw = release.adapter.git("cat-file", "tag", "v1.0.0")
    assert raw.endswith(f"\n\n{message}")
    assert "<author@example.org> 1769860800 +0000" in raw
    assert release.step("create_tag").output["tag_hash"] == identity


def test_lightweight_tag(project: Any, release: Any) -> None:
    """A lightweight tag has no message, so the id ends the commit's, whose author and dates stay."""
    commit = _committed(release)
    author = release.adapter.git("log", "-1", "--format=%an %at %ct")
    release.write("README.md", "staged but not part of it\n")
    release.adapter.stage_files(["README.md"])
    output = release.step("create_tag", annotated=False, floating=["v{major}"]).output
    assert output["commit_hash"] == output["tag_hash"] == release.adapter.git("rev-parse", "HEAD") != commit
    assert release.adapter.git("log", "-1", "--format=%B").rstrip("\n").split("\n")[-1] == release.run.id
    assert release.adapter.git("log", "-1", "--format=%an %at %ct") == author
    assert release.adapter.git("diff", "--name-only", commit, "HEAD") == ""
    assert release.adapter.git("diff", "--cached", "--name-only") == "README.md"
    seal = release.adapter.seal()
    assert [(tag.name, tag.annotated, tag.message) for tag in seal.tags] == [("v1", False, ""), ("v1.0.0", False, "")]
    assert seal.commits[-1][1].rstrip("\n").split("\n")[-1] == release.run.id
    assert release.publish(seal).verdict == "published"


def test_lightweight_tag_of_an_older_commit(project: Any, release: Any) -> None:
    """A commit that the run did not make is never rewritten."""
    release.open()
    release.gives(new_version="1.0.0")
    output = release.step("create_tag", annotated=False).output
    assert output["commit_hash"] == project.head
    seal = release.adapter.seal()
    assert seal.commit == seal.base
    assert seal.commits == ()
    assert release.publish(seal).verdict == "published"
    assert release.finish(seal) == []
    assert project.tags == ["v1.0.0"]


@pytest.mark.parametrize(
    ("tags", "given", "config", "name"),
    [
        ([], {}, {}, "v1.0.0"),
        ([], {"tag_template": "rel-{version}"}, {}, "rel-1.0.0"),
        ([], {"tag_template": "rel-{version}"}, {"tag_template": "{version}"}, "1.0.0"),
        (["0.8.0", "0.9.0"], {}, {}, "1.0.0"),
        (["pkg/v0.9.0"], {}, {}, "pkg/v1.0.0"),
        (["0.1.0", "0.2.0", "v0.3.0", "other"], {}, {}, "1.0.0"),
        (["10.9.0", "v10.0.9.0"], {}, {}, "v1.0.0"),
        ([], {}, {"tag_template": "v{major}.{minor}-{patch}"}, "v1.0-0"),
    ],
)
def test_name(
    project: Any, release: Any, tags: list[str], given: dict[str, str], config: dict[str, str], name: str
) -> None:
    """The template is the step's, an earlier step's, or what older tags show."""
    for tag in tags:
        project.tag(tag)
    _committed(release, **given)
    assert release.step("create_tag", **config).output["tag_name"] == name


@pytest.mark.parametrize(
    "template",
    ["{version};x", "a b", "-{version}", "v{version}.lock", "v..{version}", "vé{version}", "{nope}", "/x", "`x`"],
)
def test_name_that_cannot_be(release: Any, template: str) -> None:
    """Only plain ASCII names that are safe in a shell and on a page are made."""
    _committed(release)
    with pytest.raises(PermanentError):
        release.step("create_tag", tag_template=template)
    assert release.adapter.git("tag", "--list") == ""


@pytest.mark.parametrize("where", ["here", "on origin"])
def test_tag_on_another_commit(project: Any, release: Any, where: str) -> None:
    """A tag that exists elsewhere is refused with its commit; `force` moves it, with a lease."""
    project.tag("v1.0.0")
    if where == "on origin":
        project.git("push", "-q", "origin", "v1.0.0")
        project.git("tag", "-d", "v1.0.0")
    _committed(release)
    with pytest.raises(PermanentError) as caught:
        release.step("create_tag")
    assert f"exists already {where}" in str(caught.value)
    assert project.head[:10] in str(caught.value)
    release.step("create_tag", force=True)
    seal = release.adapter.seal()
    assert seal.tags[0].floating
    assert release.publish(seal).verdict == "published"
    assert release.finish(seal) == []
    assert project.bare.git("rev-parse", "v1.0.0^{commit}") == project.head == seal.commit


def test_tag_on_this_very_commit(project: Any, release: Any) -> None:
    """A tag that is there already, on HEAD, is a success and no part of the release."""
    project.tag("v1.0.0")
    release.open()
    release.gives(new_version="1.0.0", tag_template="v{version}")
    result = release.step("create_tag")
    assert result.output["tag_hash"] == project.git("rev-parse", "v1.0.0")
    assert release.adapter.seal().tags == ()


@pytest.mark.parametrize(
    ("version", "floating", "expected"),
    [
        ("1.2.3", ["v{major}", "v{major}.{minor}", "latest"], ["v1", "v1.2", "latest"]),
        ("1.2.3-beta.1", ["v{major}"], []),
        ("1.2.3rc1", ["v{major}"], []),
        ("0.21.0.2+4", ["v{major}.{minor}"], ["v0.21"]),
    ],
)
def test_floating_tags(release: Any, version: str, floating: list[str], expected: list[str]) -> None:
    """Floating names come from the version's parts; a prerelease moves none."""
    _committed(release, version, tag_template="v{version}")
    output = release.step("create_tag", floating=floating).output
    assert output["floating_tags"] == expected
    tags = {tag.name: tag for tag in release.adapter.seal().tags}
    assert set(tags) == {f"v{version}", *expected}
    assert {name for name, tag in tags.items() if tag.floating} == set(expected)


def test_configuration_that_contradicts_itself(release: Any) -> None:
    """A floating tag cannot be the release's own, a lightweight one cannot be signed."""
    _committed(release, tag_template="v{version}")
    with pytest.raises(PermanentError, match="own tag"):
        release.step("create_tag", floating=["v{version}"])
    with pytest.raises(PermanentError, match="lightweight"):
        release.step("create_tag", annotated=False, sign_tag=True)


def test_name_that_clashes_with_a_folder(project: Any, release: Any) -> None:
    """Git's own refusal is handed on."""
    project.tag("v1/x")
    for annotated in (True, False):
        release.adapter.abandon()
        _committed(release)
        with pytest.raises(PermanentError, match="cannot be made"):
            release.step("create_tag", tag_template="v{major}", annotated=annotated)


def test_tag_moved_by_a_stranger_is_refused(project: Any, release: Any) -> None:
    """A step that moves somebody's tag, tags something foreign or rewrites history is stopped at the seal."""
    project.tag("old", at="HEAD~1")
    _committed(release)
    git = release.adapter.git
    git("tag", "-f", "old", "HEAD")
    with pytest.raises(PermanentError, match="moved the tag old"):
        release.adapter.seal()
    git("tag", "-d", "old")
    git("tag", "foreign", "HEAD~2")
    with pytest.raises(PermanentError, match="foreign"):
        release.adapter.seal()
    git("tag", "-d", "foreign")
    git("commit", "-q", "--amend", "-m", "x")
    git("reset", "-q", "--soft", "HEAD~2")
    git("commit", "-qm", "rewritten")
    with pytest.raises(PermanentError, match="build on"):
        release.adapter.seal()
    git("switch", "-q", "-c", "elsewhere")
    with pytest.raises(PermanentError, match="switched"):
        release.adapter.seal()
