from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from vwmp_release.core.plugins.manifest import Manifest, read
from vwmp_release.errors import ConfigError
from vwmp_release.interfaces import Effect


def _read(tmp_path: Path, text: str) -> Manifest:
    path = tmp_path / "config.yaml"
    path.write_text(dedent(text), encoding="utf-8")
    return read(path, "folder", shown="plugins/folder/config.yaml")


def test_the_designs_keys_are_read(tmp_path: Path) -> None:
    """The manifest of the design is understood: names get the plugin's prefix unless they hold a dot."""
    manifest = _read(
        tmp_path,
        """
        plugin: {name: tool, version: "2.1", description: Does it, author: me, requires: {engine: ">=0.1"}}
        workflow_type: {name: making, templates: [{name: Standard}]}
        adapter:
          name: bench
          replaces: true
          config_schema: {height: {type: number}}
        step_handlers:
          cut:
            effect: remote
            commit_point: true
            ends_run: true
            replaces: true
            required: [depth]
            timeout: 12
            isolation: inline
            config_schema: {depth: {type: integer}}
            retry: {enabled: true, max_attempts: 5, backoff: fixed, delay: 0.5}
          other.glue: {}
          plain:
        """,
    )
    assert (manifest.name, manifest.version, manifest.description) == ("tool", "2.1", "Does it")
    assert manifest.requires == {"engine": ">=0.1"}
    assert manifest.workflow_types == ("making",)
    assert manifest.adapters == {"bench": {"height": {"type": "number"}}}
    assert manifest.replaces == ("bench",)
    assert list(manifest.handlers) == ["tool.cut", "other.glue", "tool.plain"]
    cut = manifest.handlers["tool.cut"]
    assert (cut.effect, cut.commit_point, cut.ends_run, cut.replaces) == (Effect.REMOTE, True, True, True)
    assert (cut.required, cut.timeout, cut.isolation) == (("depth",), 12.0, "inline")
    assert cut.retry == {"enabled": True, "max_attempts": 5, "backoff": "fixed", "delay": 0.5}
    assert manifest.handlers["tool.plain"].effect is Effect.WORKSPACE
    assert manifest.handlers["tool.plain"].retry == {}


@pytest.mark.parametrize("text", ["", "workflow_types: [{name: a}, {name: b}]", "adapters: [{name: a}, {name: b}]"])
def test_everything_is_optional(tmp_path: Path, text: str) -> None:
    """An empty manifest takes the folder's name; several types or adapters stand in a list."""
    manifest = _read(tmp_path, text)
    assert manifest.name == "folder"
    assert len(manifest.workflow_types) == (2 if "types" in text else 0)
    assert len(manifest.adapters) == (2 if "adapters" in text else 0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1]", "must be a mapping"),
        ("a: [", "config.yaml"),
        ("x: 2026-13-45", "cannot be read: month must be in"),
        ("step_handler: {}", "unknown key 'step_handler'"),
        ("plugin: {nam: x}", "did you mean 'name'?"),
        ("plugin: 5", "plugin: must be a mapping"),
        ("plugin: {name: [a]}", "plugin.name: must be a text"),
        ("plugin: {requires: {python: '3'}}", "plugin.requires: unknown key 'python'"),
        ("step_handlers: [a]", "step_handlers: must be a mapping"),
        ("step_handlers: {1: {}}", "step_handlers: its keys must be texts"),
        ("step_handlers: {a: 5}", "step_handlers.a: must be a mapping"),
        ("step_handlers: {a: {efect: none}}", "did you mean 'effect'?"),
        ("step_handlers: {a: {effect: big}}", "must be one of none, workspace, repository, remote; got 'big'"),
        ("step_handlers: {a: {config_schema: {x: 5}}}", "every key maps to a JSON Schema"),
        ("step_handlers: {a: {timeout: 0}}", "step_handlers.a.timeout: must be more than 0"),
        ("step_handlers: {a: {timeout: soon}}", "must be a number, got 'soon'"),
        ("step_handlers: {a: {isolation: moon}}", "must be one of inline, thread, process"),
        ("step_handlers: {a: {commit_point: 'yes'}}", "must be true or false, got 'yes'"),
        ("step_handlers: {a: {required: x}}", "step_handlers.a.required: must be a list"),
        ("step_handlers: {a: {required: [1]}}", "must be a list of texts"),
        ("step_handlers: {a: {retry: {tries: 3}}}", "step_handlers.a.retry: unknown key 'tries'"),
        ("step_handlers: {a: {retry: {max_attempts: 0}}}", "must be 1 or more"),
        ("step_handlers: {a: {}, folder.a: {}}", "'folder.a' is declared twice"),
        ("adapter: {config_schema: {}}", "adapter: needs a name"),
        ("adapters: [{name: a}, {name: a}]", "adapters[1]: the adapter 'a' is declared twice"),
        ("adapters: [5]", "adapters[0]: must be a mapping"),
        ("workflow_types: {name: a}", "workflow_types: must be a list"),
    ],
)
def test_a_wrong_form_is_said_with_the_file(tmp_path: Path, text: str, words: str) -> None:
    """What is wrong with a manifest is said with its file and the place in it."""
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, text)
    assert words in str(caught.value)
    assert str(caught.value).startswith("plugins/folder/config.yaml")


def test_all_problems_are_said_at_once(tmp_path: Path) -> None:
    """A manifest with several mistakes names each."""
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, "x: 1\nstep_handlers: {a: {effect: y, z: 1}}\n")
    assert len(caught.value.problems) == 3


def test_a_manifest_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """A folder in place of the file, or bytes that are no UTF-8, are problems of the manifest."""
    for path in (tmp_path / "a", tmp_path / "b"):
        if path.name == "a":
            path.mkdir()
        else:
            path.write_bytes(b"\xff\xfe")
        with pytest.raises(ConfigError, match="cannot be read"):
            read(path, "x", shown="s")
