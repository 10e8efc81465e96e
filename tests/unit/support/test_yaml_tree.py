"""YAML as plain data with places."""

from pathlib import Path

import pytest
import yaml

from vwmp_release.errors import ConfigError, Place
from vwmp_release.support import yaml_nodes, yaml_tree

DOCUMENT = """\
# a comment
on: push
steps:
  - id: a
    size: 3
  - b
empty:
"""


@pytest.fixture(params=["libyaml", "pure python"], autouse=True)
def parser(request, monkeypatch):
    """Run each test with both of PyYAML's parsers; the compiled one may be absent."""
    if request.param == "pure python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    return request.param


def problems(text):
    with pytest.raises(ConfigError) as caught:
        yaml_tree.load(text, "f.yaml")
    return [(str(problem.place), problem.what) for problem in caught.value.problems]


def test_data_and_places():
    """Data comes with the line and column of each value and each key."""
    tree = yaml_tree.load(DOCUMENT, "f.yaml")
    assert tree.data == {"on": "push", "steps": [{"id": "a", "size": 3}, "b"], "empty": None}
    assert tree.values[()] == Place("f.yaml", 2, 1)
    assert tree.values["on",] == Place("f.yaml", 2, 5)
    assert tree.keys["on",] == Place("f.yaml", 2, 1)
    assert tree.values["steps", 0] == Place("f.yaml", 4, 5)
    assert tree.values["steps", 0, "size"] == Place("f.yaml", 5, 11)
    assert tree.keys["steps", 0, "size"] == Place("f.yaml", 5, 5)
    assert tree.values["steps", 1] == Place("f.yaml", 6, 5)


def test_nearest_known_place():
    """A path that has no place of its own has that of the nearest thing around it."""
    tree = yaml_tree.load(DOCUMENT, "f.yaml")
    assert tree.value_place(("steps", 0, "id", "x")) == Place("f.yaml", 4, 9)
    assert tree.value_place(("none",)) == Place("f.yaml", 2, 1)
    assert tree.key_place(("steps", 0, "none")) == Place("f.yaml", 4, 5)
    assert tree.key_place(("steps", 0, "size", "none")) == Place("f.yaml", 5, 5)
    assert yaml_tree.Tree({}, {}, {}).key_place(("a",)) is None


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "~"])
def test_nothing(text):
    """A document without content is None."""
    assert yaml_tree.load(text, "f.yaml").data is None


def test_quoted_and_block_scalars_are_text():
    """Quotes and block forms keep a scalar text, whatever it looks like."""
    text = "a: '1'\nb: \"true\"\nc: |\n  12\nd: >-\n  1\n  2\n"
    assert yaml_tree.load(text, "f").data == {"a": "1", "b": "true", "c": "12\n", "d": "1 2"}


def test_keys_that_look_like_numbers():
    """Keys that look like whole numbers or booleans are the text that was written."""
    assert yaml_tree.load("010: a\ntrue: b\nTrue: c\n", "f").data == {"010": "a", "true": "b", "True": "c"}


def test_aliases_are_copies():
    """An alias repeats the value and keeps its place; the copies are independent."""
    tree = yaml_tree.load("a: &x {k: [1]}\nb: *x\n", "f")
    assert tree.data["b"] == {"k": [1]}
    assert tree.data["a"]["k"] is not tree.data["b"]["k"]
    assert tree.values["b", "k", 0] == Place("f", 1, 12)
    assert yaml_tree.load("&k a: *k\n", "f").data == {"a": "a"}


def test_merge_keys():
    """`<<` takes over keys: own keys win, then those of the first mapping."""
    text = "a: &a {x: 1, y: 2}\nb: &b {x: 3, z: 4}\nc: {<<: [*a, *b], y: 5}\nd: {<<: *b, '<<': text}\n"
    data = yaml_tree.load(text, "f").data
    assert data["c"] == {"x": 1, "y": 5, "z": 4}
    assert data["d"] == {"x": 3, "z": 4, "<<": "text"}


def test_core_tags():
    """The core tags are allowed."""
    text = "a: !!str 1\nb: !!int '2'\nc: !!float 3\nd: !!map {}\ne: !!seq []\nf: ! 4\ng: !!null ''\n"
    assert yaml_tree.load(text, "f").data == {"a": "1", "b": 2, "c": 3, "d": {}, "e": [], "f": "4", "g": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b: c", [("f.yaml:1:5", "mapping values are not allowed here")]),
        ("a:\n\tb: 1", [("f.yaml:2:1", "no value can begin with this character")]),
        ("a: @x", [("f.yaml:1:4", "no value can begin with this character")]),
        ("a: 'x", [("f.yaml:1:6", "a quoted text has no end")]),
        ("a:\n  - 1\n - 2", [("f.yaml:3:2", "the indentation does not fit")]),
        ("a: {b: ${x}}", [("f.yaml:1:9", "expected ',' or the closing bracket")]),
        ("a: !e!x 1", [("f.yaml:1:4", "tags are not allowed")]),
        ("{a: 1}}", [("f.yaml:1:7", "something follows the end of the document")]),
        ("a: 1\na: 2\nb: 1\nb: 3", [("f.yaml:2:1", "duplicate key 'a', it stands first at f.yaml:1:1"),
                                    ("f.yaml:4:1", "duplicate key 'b', it stands first at f.yaml:3:1")]),
        ("a: !x 1\nb: !!set {c}", [("f.yaml:1:4", "the tag !x is not allowed"),
                                   ("f.yaml:2:4", "the tag !!set is not allowed")]),
        ("a: !!python/name:os.system x", [("f.yaml:1:4", "the tag !!python/name:os.system is not allowed")]),
        ("a: !!int x", [("f.yaml:1:4", "'x' is no int")]),
        ("a: 1\n---\nb: 1", [("f.yaml:2:1", "a second document begins here")]),
        ("? [1]\n: 2", [("f.yaml:1:3", "a key must be a text")]),
        ("1.5: a\n~: b", [("f.yaml:1:1", "a key must be a text"), ("f.yaml:2:1", "a key must be a text")]),
        ("a: *x", [("f.yaml:1:4", "unknown alias *x")]),
        ("*x : 1", [("f.yaml:1:1", "unknown alias *x")]),
        ("a: &a [*a]", [("f.yaml:1:8", "the alias *a stands inside the value that it names")]),
        ("<<: *a", [("f.yaml:1:5", "unknown alias *a")]),
        ("<<: 1", [("f.yaml:1:5", "'<<' must be followed by a mapping, or a list of mappings")]),
        ("a: .inf\nb: 1e999", [("f.yaml:1:4", "'.inf' is no finite number"),
                               ("f.yaml:2:4", "'1e999' is no finite number")]),
        ("a: 1\n- \x1b", [("f.yaml:2:3", "the character U+001B is not allowed in YAML")]),
        ("a: \ud800", [("f.yaml:1:4", "the character U+D800 is not allowed in YAML")]),
    ],
)  # fmt: skip
def test_problems(text, expected):
    """Each thing that is wrong is named with its place, all of them at once."""
    assert problems(text) == expected


def test_other_syntax_errors_keep_the_parsers_words():
    """A syntax error without words of our own says what the parser says."""
    [(place, what)] = problems("%YAML 3.0\n---\na: 1")
    assert (place, what.startswith("found incompatible YAML document")) == ("f.yaml:1:1", True)


def test_a_megabyte_of_brackets():
    """Deep nesting is an error, not a crash."""
    assert problems("[" * yaml_tree.MAX_SIZE) == [("f.yaml:1:101", "nested more than 100 levels deep")]


def test_deep_through_aliases():
    """Nesting that aliases pile up counts as well."""
    text = "a0: &a0 []\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 200))
    assert problems(text) == [("f.yaml:100:12", "nested more than 100 levels deep")]


def test_alias_bomb():
    """Aliases that multiply are stopped before anything is expanded."""
    text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    text += "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 30))
    assert [what for _, what in problems(text)] == ["aliases repeat more than 10,000 values"]


def test_too_many_values(monkeypatch):
    """The number of values is bounded."""
    monkeypatch.setattr(yaml_nodes, "MAX_NODES", 5)
    assert problems("[1, 2, 3, 4, 5, 6, 7]") == [("f.yaml:1:14", "holds more than 5 values")]


def test_too_large():
    """The size is bounded."""
    with pytest.raises(ConfigError, match="has more than 10 characters"):
        yaml_tree.load("a" * 11, "f", max_size=10)


def test_load_plain():
    """The fast way gives the data alone, and the same words for broken YAML."""
    assert yaml_tree.load_plain("a: [1]", "f") == {"a": [1]}
    with pytest.raises(ConfigError, match=r"f:1:5: mapping values are not allowed here"):
        yaml_tree.load_plain("a: b: c", "f")
    with pytest.raises(ConfigError, match="could not determine a constructor"):
        yaml_tree.load_plain("a: !x 1", "f")
    with pytest.raises(ConfigError, match="not allowed"):
        yaml_tree.load_plain("a: \x00", "f")


def test_built_in_manifests_mean_the_same_both_ways():
    """The manifests hold nothing that YAML 1.1 and 1.2 read differently."""
    manifests = list((Path(__file__).parents[3] / "plugins").glob("*/config.yaml"))
    assert manifests
    for path in manifests:
        text = path.read_text(encoding="utf-8")
        assert yaml_tree.load(text, path.name).data == yaml_tree.load_plain(text, path.name)


def test_decode():
    """Bytes are UTF-8, with or without a byte order mark; anything else is named with its offset."""
    assert yaml_tree.decode("ä: ü".encode(), "f") == "ä: ü"
    assert yaml_tree.decode(b"\xef\xbb\xbfa", "f") == "a"
    with pytest.raises(ConfigError, match=r"f:1:3: is not UTF-8: byte 0xff at offset 2"):
        yaml_tree.decode(b"a:\xff", "f")
    with pytest.raises(ConfigError, match=r"f:1:2: .* byte 0xe4 at offset 4"):
        yaml_tree.decode(b"\xef\xbb\xbfa\xe4", "f")
    with pytest.raises(ConfigError, match=r"f:2:3: "):
        yaml_tree.decode(b"a\n\xc3\xa4:\xe4", "f")
