"""The adapter's own methods: as the design names them, for handlers and for authors of plugins."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from vwmp_release.plugins import git as plugin
from vwmp_release.plugins.git.adapter import GitAdapter
from vwmp_release.plugins.git.handlers import clean_tree, commit, create_tag, push, stage_all

from vwmp_release.errors import PermanentError, ProcessError, StepError


def test_design_methods_work_in_the_users_tree(project: Any, release: Any) -> None:
    """Without a transaction they are plain git."""
    adapter = release.adapter
    project.write({"a b": "1", "-dash": "2"})
    assert adapter.stage_files(["a b", "-dash"]).returncode == 0
    done = adapter.commit("-m odd\n\n# kept\n")
    assert (done.returncode, adapter.git("log", "-1", "--format=%B")) == (0, "-m odd\n\n# kept\n")
    assert adapter.create_tag("v1", "message").returncode == 0
    assert adapter.create_tag("light", "", annotated=False).returncode == 0
    assert [adapter.git("cat-file", "-t", tag) for tag in ("v1", "light")] == ["tag", "commit"]
    assert adapter.create_tag("v1", "again").returncode != 0
    assert adapter.push("main", push_tags=True).returncode == 0
    assert project.bare.tags == ["v1"]
    for ref in ("", "--mirror", ":main"):
        with pytest.raises(PermanentError):
            adapter.push(ref)
    with pytest.raises(PermanentError):
        adapter.create_tag("-d", "x")
    with pytest.raises(ProcessError):
        adapter.git("no-such-command")


def test_reads(project: Any, release: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Branch and address are those of the release; the address carries no user."""
    adapter = release.adapter
    project.git("remote", "set-url", "origin", "https://me:secret@example.org/o/r.git")
    assert adapter.remote_url() == "https://example.org/o/r.git"
    assert adapter.current_branch() == "main"
    release.open("plan")
    assert adapter.remote_url() == "https://example.org/o/r.git"
    assert adapter.current_branch() == "main"
    assert adapter.git("rev-parse", "--show-toplevel") == str(release.tree)
    adapter.abandon()
    project.git("remote", "set-url", "origin", "git@example.org:o/r.git")
    assert adapter.remote_url() == "git@example.org:o/r.git"
    adapter.remote = "nowhere"
    assert adapter.remote_url() is None
    project.git("checkout", "-q", "--detach")
    assert adapter.current_branch() is None
    adapter.initialize({"workspace_root": str(project.path), "branch": "topic"})
    assert adapter.current_branch() == "topic"


def test_repo_follows_the_workspace(project: Any, release: Any) -> None:
    """GitPython sees the shadow while a transaction is open, and the user's tree before and after."""
    adapter = release.adapter
    assert adapter.repo.working_tree_dir == str(project.path)
    assert adapter.repo is adapter.repo
    release.open()
    assert adapter.repo.working_tree_dir == str(release.tree)
    assert adapter.repo.head.commit.hexsha == project.head
    token = adapter.checkpoint()
    adapter.restore(token)
    adapter.cleanup()
    assert not release.tree.exists()
    assert adapter.repo.working_tree_dir == str(project.path)


def test_configuration() -> None:
    """Names that git forbids are refused, the schema is the manifest's."""
    adapter = GitAdapter()
    assert adapter.get_adapter_name() == "git"
    assert adapter.validate_config({"remote": "origin", "branch": None}).valid
    result = adapter.validate_config({"remote": "--upload-pack=x", "branch": "a..b"})
    assert not result.valid
    assert [error.split(":")[0] for error in result.errors] == ["remote", "branch"]
    assert set(adapter.get_config_schema()["properties"]) == {"workspace_root", "remote", "branch"}
    adapter.initialize({})
    assert (adapter.remote, adapter.branch) == ("origin", None)


def test_port_needs_an_open_transaction(release: Any) -> None:
    """Calls out of order are errors, not surprises."""
    with pytest.raises(StepError, match="no transaction"):
        release.adapter.seal()


class _Registry:
    def __init__(self) -> None:
        self.names: list[str] = []

    def register_integration_adapter(self, adapter: str, *, name: str) -> None:
        self.names.append(name)

    def register_step_handler(self, handler_path: str, handler: str) -> None:
        self.names.append(handler_path)


def test_registration_fits_the_manifest(root: Any) -> None:
    """What the plugin registers is what its manifest declares, with a schema and words for people."""
    registry = _Registry()
    plugin.register_plugin(registry)  # type: ignore[arg-type]
    manifest = yaml.safe_load((root / "plugins" / "git" / "config.yaml").read_text())
    declared = {name if "." in name else f"git.{name}" for name in manifest["step_handlers"]}
    assert set(registry.names) == {"git", *declared}
    handlers = [
        stage_all.GitStageHandler(), commit.GitCommitHandler(), create_tag.GitTagHandler(), push.GitPushHandler(),
        clean_tree.CleanTreeCheck(),
    ]  # fmt: skip
    assert {handler.handler_path for handler in handlers} == declared
    for handler in handlers:
        assert handler.get_config_schema()["type"] == "object"
        assert set(handler.get_step_info()) == {"name", "description", "icon", "category"}
        assert handler.validate_config({}).valid
