"""One file's data over another's."""

import pytest

from vwmp_release.core.config.merge import merged
from vwmp_release.support import yaml_tree


@pytest.mark.parametrize(
    ("base", "over", "result"),
    [
        ("a: {b: 1, c: 2}", "a: {b: 3}", {"a": {"b": 3, "c": 2}}),
        ("a: [1, 2]", "a: [3]", {"a": [3]}),
        ("a: {b: {c: 1}}", "a: {b: null}", {"a": {}}),
        ("a: 1", "a: {b: 1}", {"a": {"b": 1}}),
        ("a: {b: 1}", "a: 1", {"a": 1}),
        ("a: 1", "b: null", {"a": 1, "b": None}),
        ("{}", "a: null", {"a": None}),
    ],
)
def test_data_and_places(base, over, result):
    """Mappings merge key by key, the rest is replaced, null removes; places follow their values exactly."""
    below, above = yaml_tree.load(base, "base"), yaml_tree.load(over, "over")
    tree = merged(below, above)
    assert tree.data == result
    paths = set()

    def walk(value, path):
        paths.add(path)
        for key, item in (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        ):
            walk(item, (*path, key))

    walk(result, ())
    assert set(tree.values) == paths
    assert set(tree.keys) == {path for path in paths if path and isinstance(path[-1], str)}
    for path, place in tree.values.items():
        assert place == (above if place.file == "over" else below).values[path]


def test_replaced_values_take_the_new_place():
    """A replaced value stands where it was replaced, an untouched one where it was."""
    tree = merged(yaml_tree.load("a: {b: [1], c: 2}", "base"), yaml_tree.load("a: {b: [3]}", "over"))
    assert tree.values["a", "b", 0].file == "over"
    assert tree.values["a", "c"].file == "base"
