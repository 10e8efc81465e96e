"""The hooks: their manifest, and real commits through pre-commit and through a native hook."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

PROGRAM = f"{shlex.quote(Path(sys.executable).as_posix())} -m vwmp_release"
MANIFEST = yaml.safe_load((Path(__file__).resolve().parents[2] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
HOOKS = {hook["id"]: hook for hook in MANIFEST}


def _try(repo: Any, message: str) -> Any:
    """Commit a change and return how git ended."""
    repo.write({"notes.txt": message})
    repo.git("add", "notes.txt")
    return repo.attempt("commit", "--quiet", "--message", message)


@pytest.fixture(params=["native", "pre-commit"])
def guarded(
    request: pytest.FixtureRequest, repo: Any, call: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Give a repository that checks its messages with the program: through git's own hook, or through pre-commit."""
    repo.commit("chore: start", {"README.md": "x\n"})
    if request.param == "native":
        repo.hook("commit-msg", f'exec {PROGRAM} lint-message "$1"')
        return repo
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    # The manifest's hook with the program of this environment: an installation of its own would need the network.
    hook = {**HOOKS["vwmp-commit-msg"], "language": "system"}
    hook["entry"] = hook["entry"].replace("vwmp-release", PROGRAM)
    repo.commit("chore: hooks", {".pre-commit-config.yaml": _config(hook)})
    installed = call([sys.executable, "-m", "pre_commit", "install", "--hook-type", "commit-msg"], repo.path)
    assert installed.code == 0, str(installed)
    return repo


def _config(hook: dict[str, Any]) -> str:
    return yaml.safe_dump({"repos": [{"repo": "local", "hooks": [hook]}]})


@pytest.mark.parametrize("runner", ["pre-commit", "prek"])
def test_manifest_is_valid(lint: Callable[..., Any], runner: str) -> None:
    """Both hook runners accept the manifest."""
    done = lint(runner, "validate-manifest", ".pre-commit-hooks.yaml")
    assert done.code == 0, str(done)


def test_manifest_has_the_promised_hooks() -> None:
    """The hooks have the promised names, stages and commands, and install nothing but this project."""
    assert {name: (hook["entry"], hook["stages"]) for name, hook in HOOKS.items()} == {
        "vwmp-commit-msg": ("vwmp-release lint-message", ["commit-msg"]),
        "vwmp-check": ("vwmp-release check --no-plugins", ["pre-commit"]),
        "vwmp-run": ("vwmp-release run", ["manual"]),
    }
    assert {hook["language"] for hook in MANIFEST} == {"python"}
    assert [hook for hook in MANIFEST if "additional_dependencies" in hook] == []


def test_own_configuration_is_valid(lint: Callable[..., Any]) -> None:
    """The project's own hook configuration is accepted."""
    done = lint("pre-commit", "validate-config", ".pre-commit-config.yaml")
    assert done.code == 0, str(done)


@pytest.mark.parametrize(
    "message",
    [
        "feat(api): add paging\n\nIt was cut.\n\nRefs: #12",
        "fix!: drop the old key",
        'Revert "feat: x"',
        "fixup! feat: x",
    ],
)
def test_good_message_is_committed(guarded: Any, message: str) -> None:
    """A conventional message, and those that git itself makes, pass."""
    before = guarded.head
    done = _try(guarded, message)
    assert done.code == 0, str(done)
    assert guarded.git("rev-parse", "HEAD^") == before


@pytest.mark.parametrize("message", ["added paging", "feat:no blank", "feature: unknown type", "feat: " + "x" * 100])
def test_bad_message_is_refused(guarded: Any, message: str) -> None:
    """A message that is not conventional, or whose header is too long, stops the commit; a better one passes then."""
    before = guarded.head
    done = _try(guarded, message)
    assert done.code == 1, str(done)
    assert guarded.head == before
    assert "Traceback" not in done.err + done.out
    assert _try(guarded, "feat: add paging").code == 0


def test_message_check_needs_no_repository(cli: Callable[..., Any], tmp_path: Path) -> None:
    """`lint-message` works on any file, in any folder, and ends with 1 on findings."""
    (tmp_path / "good").write_text("docs: say it\n", encoding="utf-8")
    (tmp_path / "bad").write_text("said it\n", encoding="utf-8")
    assert (cli("lint-message", "good").code, cli("lint-message", "bad").code) == (0, 1)


@pytest.mark.parametrize(("package", "code"), [("1.2.3", 0), ("1.2.4", 1)])
def test_check_hook_compares_version_files(cli: Callable[..., Any], repo: Any, package: str, code: int) -> None:
    """The command of `vwmp-check` passes where the version files agree and names them where they do not."""
    config = "workflow_types: {release: {config: {version_files: [VERSION, package.json]}}}\n"
    files = {"VERSION": "1.2.3\n", "package.json": f'{{"name": "x", "version": "{package}"}}\n'}
    repo.commit("chore: start", {**files, "vwmp_config.yaml": config})
    repo.tag("v1.2.3")
    done = cli("check", cwd=repo.path)
    assert done.code == code, str(done)
    assert code == 0 or "package.json" in done.out + done.err
