"""The six levels of the resolution."""

import pytest

from vwmp_release.core.config import Settled, adapter_layers, resolve, step_layers, workflow_layers
from vwmp_release.core.config.resolve import Layer, Origin, Resolved
from vwmp_release.errors import ConfigError, Place

TEXT = """\
defaults:
  remote: from-defaults
workflow_types:
  release:
    config:
      remote: from-type
workflows:
  nightly:
    config:
      remote: from-workflow
step_handlers:
  git.push:
    config:
      remote: from-handler
integration_adapters:
  git:
    config:
      remote: from-adapter
"""
# The sources of a step's value from the highest to the lowest, each with its origin.
SOURCES = [
    ("runtime", "-p remote", 0),
    ("workflow", "workflows.nightly.steps[push].config.remote", 99),
    ("workflow", "workflows.nightly.config.remote", 10),
    ("workflow", "workflow_types.release.config.remote", 6),
    ("plugin", "step_handlers.git.push.config.remote", 14),
    ("global", "defaults.remote", 2),
    ("default", "template of release, step push: remote", 0),
    ("default", "template of release: remote", 0),
    ("default", "schema of git.push", 0),
    ("environment", "VWMP_CONFIG_REMOTE", 0),
]
REMOTE = {"remote": {"type": "string"}}


def without(text, section):
    """Drop a section's key from the configuration."""
    return "\n".join(line for line in text.splitlines() if line.strip() != f"remote: {section}")


@pytest.mark.parametrize("first", range(len(SOURCES) + 1))
def test_the_highest_source_wins(config, first):
    """Each source wins once all above it are silent; the origin names it with its place."""
    text = TEXT
    names = [None, None, "from-workflow", "from-type", "from-handler", "from-defaults"]
    for name in filter(None, names[:first]):
        text = text.replace(f"remote: {name}", "{}")
    given = {"remote": "given"}
    layers = step_layers(
        config(text),
        runtime=given if first < 1 else {},
        workflow="nightly",
        type_name="release",
        step_config=given if first < 2 else {},
        step_place=lambda key: Place("vwmp_config.yaml", 99, 1),
        handler="git.push",
        template_config=given if first < 7 else {},
        template_defaults=given if first < 8 else {},
        step="push",
    )
    form = {"type": "string", "default": "from-schema"} if first < 9 else {"type": "string"}
    environ = {"VWMP_CONFIG_REMOTE": "from-environment"} if first < 10 else {}
    found = resolve({"remote": form}, layers, environ, owner="git.push")
    if first == len(SOURCES):
        assert found == {}
        return
    level, label, line = SOURCES[first]
    origin = found["remote"].origin
    assert (origin.level, origin.label) == (level, label)
    assert (origin.place.line if origin.place else 0) == line


def test_adapter_layers(config):
    """An adapter's keys come from the workflow's levels, then from its own section."""
    loaded = config(TEXT)
    layers = adapter_layers(loaded, runtime={}, workflow="nightly", type_name="release", adapter="git")
    assert resolve(REMOTE, layers, {})["remote"].value == "from-workflow"
    layers = adapter_layers(loaded, runtime={}, workflow="other", type_name="docs", adapter="git")
    place = Place("vwmp_config.yaml", 18, 15)
    assert resolve(REMOTE, layers, {})["remote"] == Resolved(
        "from-adapter", Origin("plugin", "integration_adapters.git.config.remote", place)
    )
    layers = adapter_layers(loaded, runtime={"remote": "r"}, workflow="w", type_name="t", adapter="other")
    assert [resolve(REMOTE, some, {})["remote"].value for some in (layers, layers[1:])] == ["r", "from-defaults"]


def test_workflow_layers(config):
    """The workflow's own configuration has no plugin level."""
    layers = workflow_layers(
        config(TEXT), runtime={}, workflow="w", type_name="t", template_defaults={"remote": "t", "style": "summary"}
    )
    found = resolve({**REMOTE, "style": {}}, layers, {})
    assert {key: item.origin.label for key, item in found.items()} == {
        "remote": "defaults.remote",
        "style": "template of t: style",
    }


def test_runtime():
    """Runtime texts are converted, named as the user wrote them, and None means not given."""
    layers = workflow_layers(
        config=type("Empty", (), {"get": lambda *path: None})(),
        runtime={"force": "true", "paths": "a,b", "branch": None, "count": 3},
        workflow="w",
        type_name="t",
        template_defaults={},
        runtime_labels={"force": "--force"},
    )
    forms = {"force": {"type": "boolean"}, "paths": {"type": "array"}, "branch": {"default": "x"}, "count": {}}
    found = resolve(forms, layers, {})
    assert {key: item.value for key, item in found.items()} == {
        "force": True, "paths": ["a", "b"], "branch": "x", "count": 3,
    }  # fmt: skip
    assert [found[key].origin.label for key in ("force", "paths", "branch")] == ["--force", "-p paths", "schema"]


def test_texts_that_do_not_fit():
    """All texts that cannot be converted are reported together, with what the user wrote."""
    forms = {"force": {"type": "boolean"}, "count": {"type": "integer"}, "limit": {"type": "number"}}
    layers = [Layer("runtime", "-p ", {"force": "maybe", "limit": "2"}, labels={"force": "--force"})]
    with pytest.raises(ConfigError) as caught:
        resolve(forms, layers, {"VWMP_CONFIG_COUNT": "x"})
    assert [str(problem) for problem in caught.value.problems] == [
        "--force: must be true or false, got 'maybe'",
        "VWMP_CONFIG_COUNT: must be a whole number, got 'x'",
    ]


def test_values_of_files_are_not_converted():
    """A text in a file stays a text: the check against the schema speaks of it."""
    layers = [Layer("workflow", "x.", {"count": "3"})]
    assert resolve({"count": {"type": "integer"}}, layers, {})["count"].value == "3"


@pytest.mark.parametrize(
    ("form", "value"),
    [({"default": False}, False), ({"default": ""}, ""), ({"default": None}, "env"), ({}, "env")],
)
def test_environment_fills_what_has_no_default(form, value):
    """The environment only fills keys that have no default; a default of null is none."""
    assert resolve({"key_name": form}, [], {"VWMP_CONFIG_KEY_NAME": "env"})["key_name"].value == value


def test_null_values():
    """A null in a file is a value; a default of null is one where nothing else is."""
    assert resolve({"a": {"default": 1}}, [Layer("workflow", "x.", {"a": None})], {})["a"].value is None
    assert resolve({"a": {"default": None}}, [], {})["a"].value is None


def test_outside_texts_are_no_templates():
    """References in texts from the command line and the environment stand for themselves."""
    layers = [Layer("runtime", "-p ", {"a": "${env.TOKEN}", "c": '["${env.TOKEN}"]'})]
    found = resolve({"a": {}, "b": {}, "c": {"type": "array"}}, layers, {"VWMP_CONFIG_B": "${env.TOKEN}"})
    assert all(isinstance(text, Settled) for text in (found["a"].value, found["b"].value, *found["c"].value))
