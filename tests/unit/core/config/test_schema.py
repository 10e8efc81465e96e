"""The schema of the file: it agrees with the loader, and checks speak plainly."""

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from vwmp_release.core.config import ENGINE_PROPERTIES, Settled, check, check_config, full_schema, union
from vwmp_release.core.config.schema import base_schema
from vwmp_release.errors import Place
from vwmp_release.support import yaml_tree

SCHEMA = base_schema()
# What a sample needs beside the key that it is about, by the keys that make the entry.
REQUIRED = {"id": "a", "handler": "git.push", "name": "a"}


def resolved(form):
    form = SCHEMA["$defs"][form["$ref"].rpartition("/")[2]] if "$ref" in form else form
    return resolved(form["anyOf"][-1]) if "anyOf" in form else form


def sample(form):
    """Return a value that a form accepts."""
    form = resolved(form)
    if "enum" in form:
        return form["enum"][0]
    kind = form["type"] if isinstance(form["type"], str) else form["type"][0]
    if kind == "array":
        return [sample(form["items"])]
    if kind == "object":
        return {key: REQUIRED[key] for key in form.get("required", ())}
    return {"string": "a", "integer": 1, "number": 1, "boolean": True}[kind]


def documents(form, build, path=()):
    """Yield (path of a key, document that holds it) and (path of an object with fixed keys, document with another)."""
    form = resolved(form)
    if form.get("type") == "array":
        yield from documents(form["items"], lambda value: build([value]), (*path, "[]"))
    if form.get("type") != "object":
        return
    base = sample(form)
    for key, inner in form.get("properties", {}).items():
        yield "key", (*path, key), build({**base, key: sample(inner)})
        yield from documents(inner, lambda value, key=key: build({**base, key: value}), (*path, key))
    if form.get("additionalProperties") is False:
        yield "unknown", path, build({**base, "no-such-key": 1})
    elif isinstance(form.get("additionalProperties"), dict):
        yield from documents(form["additionalProperties"], lambda value: build({"x": value}), (*path, "*"))


DOCUMENTS = list(documents(SCHEMA, lambda value: value))
KEYS = [(path, document) for kind, path, document in DOCUMENTS if kind == "key"]
UNKNOWN = [(path, document) for kind, path, document in DOCUMENTS if kind == "unknown"]


def test_the_schema_is_valid():
    """The shipped schema is a valid one of its draft."""
    Draft202012Validator.check_schema(SCHEMA)
    assert len(KEYS) > 60


def test_every_key_is_described():
    """Editors have a sentence for every key."""

    def keys(form):
        for key, inner in form.get("properties", {}).items():
            yield key, inner, resolved(inner)
            yield from keys(inner)

    forms = [SCHEMA, *SCHEMA["$defs"].values()]
    missing = [key for form in forms for key, inner, target in keys(form) if not {**target, **inner}.get("description")]
    # `type` below `if` is a condition, not a key
    assert missing == []


@pytest.mark.parametrize(("path", "document"), KEYS, ids=lambda value: ".".join(value) if type(value) is tuple else "")
def test_every_key_is_accepted(config, path, document):
    """The loader accepts every key of the schema."""
    document = copy.deepcopy(document)
    files = {"a": "{}"} if path[-1] in ("extends", "file") else {}
    loaded = config(json.dumps(document), **files)
    if files:
        assert [file.name for file in loaded.files] == ["vwmp_config.yaml", "a"]
    else:
        assert loaded.data == document


@pytest.mark.parametrize(
    ("path", "document"), UNKNOWN, ids=lambda value: ".".join(value) if type(value) is tuple else ""
)
def test_every_unknown_key_is_refused(problems_of, path, document):
    """The loader refuses unknown keys wherever keys are fixed, and names the key's own place."""
    text = json.dumps(document)
    column = text.index('"no-such-key"') + 1
    [line] = problems_of(text)
    assert line.startswith(f"vwmp_config.yaml:1:{column}: ")
    assert line.endswith("unknown key 'no-such-key'")


@pytest.mark.parametrize(
    "text",
    [
        "defaults: {anything: [1, {a: null}]}",
        "workflows: {a: {steps: [{id: a, handler: x, dependencies: [], config: {anything: 1}}]}}",
        "packages: [{name: '@scope/a', version_files: [a, {path: b}]}]",
        "workflows: {a: {parameters: [{name: p, type: enum, options: [x]}, {name: q, default: false}]}}",
    ],
)
def test_right_values(config, text):
    """Free maps take anything, lists may be empty."""
    config(text)


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("plugins: {enable: true}", "1:11: plugins: unknown key 'enable'", "did you mean 'enabled'?"),
        ("plugins: 1", "1:10: plugins: must be a mapping, got the number 1", ""),
        ("plugins: {enabled: yes}", "1:20: plugins.enabled: must be true or false, got 'yes'", "write true"),
        ("plugins: {enabled: 'Off'}", "1:20: plugins.enabled: must be true or false, got 'Off'", "write false"),
        ("plugins: {enabled: 'true'}", "1:20: plugins.enabled: must be true or false, got 'true'",
         "write it without quotes"),
        ("plugins: {load: a}", "1:17: plugins.load: must be a list, got 'a'", "write [a]"),
        ("plugins: {load: [1.10]}", "1:18: plugins.load[0]: must be a string, got the number 1.1", "put it in quotes"),
        ("plugins: {load: [true]}", "1:18: plugins.load[0]: must be a string, got true", "put it in quotes"),
        ("plugins: {load: [[]]}", "1:18: plugins.load[0]: must be a string, got a list", ""),
        ("plugins: {load: ['']}", "1:18: plugins.load[0]: must not be empty", ""),
        ("plugins: {trust: close}", "1:18: plugins.trust: must be one of open, locked; got 'close'", ""),
        ("plugins: {trust: lock}", "1:18: plugins.trust: must be one of open, locked; got 'lock'",
         "did you mean 'locked'?"),
        ("config_version: '1'", "1:17: config_version: must be 1; got '1'", "write it without quotes"),
        ("plugins: {trust: 1}", "1:18: plugins.trust: must be one of open, locked; got the number 1", ""),
        ("step_handlers: {a: {retry: {max_attempts: 0}}}",
         "1:43: step_handlers.a.retry.max_attempts: must be 1 or more, got 0", ""),
        ("step_handlers: {a: {retry: {max_attempts: 101}}}",
         "1:43: step_handlers.a.retry.max_attempts: must be 100 or less, got 101", ""),
        ("step_handlers: {a: {retry: {max_attempts: 3.0}}}",
         "1:43: step_handlers.a.retry.max_attempts: must be a whole number, got the number 3.0", ""),
        ("step_handlers: {a: {retry: {max_attempts: '3'}}}",
         "1:43: step_handlers.a.retry.max_attempts: must be a whole number, got '3'", "write it without quotes"),
        ("step_handlers: {a: {retry: {delay: -0.5}}}",
         "1:36: step_handlers.a.retry.delay: must be 0 or more, got -0.5", ""),
        ("step_handlers: {a: {timeout: 0}}", "1:30: step_handlers.a.timeout: must be more than 0, got 0", ""),
        ("step_handlers: {a: {timeout: soon}}", "1:30: step_handlers.a.timeout: must be a number, got 'soon'", ""),
        ("step_handlers: {a: {timeout: '${step-outputs.a.b}'}}",
         "1:30: step_handlers.a.timeout: must be a number, got '${step-outputs.a.b}'", ""),
        ("workflows: {a: 5}", "1:16: workflows.a: must be a string or a mapping, got the number 5", ""),
        ("workflows: {a: {steps: [{id: a}]}}", "1:25: workflows.a.steps[0]: the key 'handler' is missing", ""),
        ("workflows: {a: {steps: [{id: a, handler: b, retry: {attempts: 1}}]}}",
         "1:53: workflows.a.steps[0].retry: unknown key 'attempts'", "did you mean 'max_attempts'?"),
        ("workflows: {-x: {}}", "1:13: workflows: the name '-x' is not allowed",
         "a name has letters, digits, '.', '_' and '-', and begins with a letter or a digit"),
        ("workflows: {a: {steps: [{id: -rf, handler: b}]}}",
         "1:30: workflows.a.steps[0].id: '-rf' is not allowed as a name",
         "a name has letters, digits, '.', '_' and '-', and begins with a letter or a digit"),
        ("workflows: {a: {parameters: [{name: p, type: enum}]}}",
         "1:30: workflows.a.parameters[0]: the key 'options' is missing", ""),
        ("workflows: {a: {parameters: [{name: p, options: []}]}}",
         "1:49: workflows.a.parameters[0].options: must not be empty", ""),
        ("workflows: {a: {parameters: [{name: p, default: 1.5}]}}",
         "1:49: workflows.a.parameters[0].default: must be a string or true or false or a whole number or nothing, "
         "got the number 1.5", ""),
    ],
)  # fmt: skip
def test_words(config, problems_of, text, line, hint):
    """Each kind of mistake has plain words, the place of what is wrong, and a hint where there is one."""
    assert problems_of(text) == [f"vwmp_config.yaml:{line}"]
    tree = yaml_tree.load(text, "f")
    assert [problem.hint for problem in check(tree.data, SCHEMA, places=tree)] == [hint]


def test_all_at_once(problems_of):
    """Problems are listed together, sorted by their places."""
    text = "step_handlers:\n  a: {timeout: 0, retry: {max_attempts: 0, bakoff: fixed}}\nplugins:\n  a: 1\n  b: 2\n"
    assert [line.partition(": ")[0] for line in problems_of(text)] == [
        "vwmp_config.yaml:2:16", "vwmp_config.yaml:2:41", "vwmp_config.yaml:2:44",
        "vwmp_config.yaml:4:3", "vwmp_config.yaml:5:3",
    ]  # fmt: skip


def place_of(key):
    return Place("f", 1) if key == "a" else None


@pytest.mark.parametrize(
    ("form", "value", "what"),
    [
        ({"minLength": 2}, "x", "step s.a: must have 2 characters or more, got 1"),
        ({"maxLength": 1}, "xyz", "step s.a: must have 1 character or fewer, got 3"),
        ({"maxItems": 1}, [1, 2], "step s.a: must have 1 item or fewer, got 2"),
        ({"minProperties": 1}, {}, "step s.a: must not be empty"),
        ({"maxProperties": 1}, {"b": 1, "c": 2}, "step s.a: must have 1 key or fewer, got 2"),
        ({"uniqueItems": True}, [1, 1], "step s.a: must not hold the same item twice"),
        ({"pattern": "^v"}, "x", "step s.a: must match ^v; got 'x'"),
        ({"pattern": "^v"}, "x" * 99, f"step s.a: must match ^v; got '{'x' * 60}…'"),
        ({"exclusiveMaximum": 3}, 3, "step s.a: must be less than 3, got 3"),
        ({"multipleOf": 2}, 3, "step s.a: must be a multiple of 2, got 3"),
        ({"const": "x"}, "y", "step s.a: must be x; got 'y'"),
        ({"const": None}, True, "step s.a: must be nothing; got true"),
        ({"type": ["string", "array"]}, {}, "step s.a: must be a string or a list, got a mapping"),
        ({"type": ["string", "null"]}, False, "step s.a: must be a string or nothing, got false"),
        ({"enum": [1, True, None]}, "x", "step s.a: must be one of 1, true, nothing; got 'x'"),
        ({"type": "integer", "enum": [1, 2]}, "1", "step s.a: must be one of 1, 2; got '1'"),
        ({"not": {"type": "string"}}, "x", "step s.a: 'x' should not be valid under {'type': 'string'}"),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, [],
         "step s.a: must be a whole number or a string, got a list"),
        ({"oneOf": [{"type": "object", "required": ["x", "y"]}, {"type": "object", "required": ["z"]}]}, {},
         "step s.a: the key 'z' is missing"),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, 1,
         "step s.a: 1 is valid under each of {'type': 'number'}, {'type': 'integ…"),
        ({"patternProperties": {"^x-": {}}, "additionalProperties": False}, {"x-a": 1, "b": 1},
         "step s.a: unknown key 'b'"),
        ({"additionalProperties": {"type": "integer"}}, {"b": "x"}, "step s.a.b: must be a whole number, got 'x'"),
        ({"items": {"type": "string"}}, ["x", 1], "step s.a[1]: must be a string, got the number 1"),
    ],
)  # fmt: skip
def test_check_config(form, value, what):
    """Values that somebody gave a handler are checked against what it declares, each at its key's place."""
    found = check_config({"a": value}, {"a": form}, where="step s", place_of=place_of)
    assert [str(problem._replace(hint="")) for problem in found] == [f"f:1: {what}"]


def test_check_config_judges_only_what_it_can():
    """Undeclared keys and texts that wait for outputs are left alone; data that looks like one is not."""
    form = {"type": "array", "items": {"type": "integer"}}
    waiting = ["${step-outputs.a.b}"]
    assert check_config({"a": waiting, "other": 1}, {"a": form}, where="s", place_of=place_of) == []
    [problem] = check_config({"a": [Settled(waiting[0])]}, {"a": form}, where="s", place_of=place_of)
    assert problem.where == "s.a[0]"
    assert check_config({}, {"a": form}, where="s", place_of=place_of) == []


def test_check_config_required():
    """A required key must be there."""
    found = check_config({}, {"a": {}}, where="s", place_of=place_of, required=["a", "b"])
    assert [problem.what for problem in found] == ["the key 'a' is missing", "the key 'b' is missing"]


@pytest.mark.parametrize(
    "form",
    [{"type": "strng"}, {"pattern": "("}, {"$ref": "https://example.org/schema.json"}, {"minimum": "1"},
     {"properties": ["a"]}],
)  # fmt: skip
def test_broken_schema_of_a_plugin(form):
    """A plugin's schema that is none is a problem with a name, never a traceback or a look into the network."""
    value = {"x": 1} if "properties" in form else 1 if "minimum" in form else "x"
    [problem] = check_config({"a": value}, {"a": form}, where="step s", place_of=place_of)
    assert problem.where == "step s"
    assert problem.what.startswith("the schema that its plugin declares is broken: ")


HANDLERS: dict[str, Any] = {
    "git.push": {"force": {"type": "boolean", "description": "F"}, "remote": {"type": "string", "default": "origin"}},
    "x.y": {"force": {"type": "boolean", "default": True}, "remote": {"type": "integer"}},
}


def test_union():
    """Keys that differ only in words and defaults are one; otherwise each of the forms is right."""
    assert union(HANDLERS.values()) == {
        "force": HANDLERS["git.push"]["force"],
        "remote": {"description": "", "anyOf": [{"type": "string"}, {"type": "integer"}]},
    }


def test_full_schema():
    """The schema for editors is valid and knows the keys of the plugins."""
    schema = full_schema(HANDLERS, {"git": {"branch": {"type": ["string", "null"]}}})
    Draft202012Validator.check_schema(schema)
    wrong = {
        "step_handlers": {"git.push": {"config": {"forse": 1}}, "own.one": {"config": {"anything": 1}}},
        "integration_adapters": {"git": {"config": {"remote": "x"}}},
        "workflow_types": {"release": {"config": {"branch": 1}}},
        "workflows": {"w": {"config": {"x": 1}}},
        "defaults": {"y": 1},
    }
    found = check(wrong, schema, places=yaml_tree.Tree(wrong, {}, {}))
    assert sorted((problem.where, problem.what) for problem in found) == [
        ("defaults", "unknown key 'y'"),
        ("integration_adapters.git.config", "unknown key 'remote'"),
        ("step_handlers.git.push.config", "unknown key 'forse'"),
        ("workflow_types.release.config.branch", "must be a string or nothing, got the number 1"),
        ("workflows.w.config", "unknown key 'x'"),
    ]
    right = {
        "step_handlers": {"git.push": {"config": {"force": "${parameters.force}", "workspace": "in_place"}}},
        "workflow_types": {"release": {"config": dict.fromkeys(("include_uncommitted", "force"), True)}},
        "workflows": {"w": "w.yaml"},
        "defaults": {"branch": None, "remote": 1, "workspace_link": [".venv"]},
    }
    assert check(right, schema, places=yaml_tree.Tree(right, {}, {})) == []


def test_full_schema_leaves_the_base_alone():
    """Filling in makes a new schema; the engine's own keys are in it."""
    schema = full_schema({}, {})
    assert base_schema() == SCHEMA
    assert set(schema["properties"]["defaults"]["properties"]) == set(ENGINE_PROPERTIES)
