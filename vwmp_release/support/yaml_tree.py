"""Reads YAML into plain data that remembers where each key and value stands; safe on hostile files.

Built from the parser's events, without recursion. What scalars mean is said in `yaml_nodes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import ConfigError, Place, Problem
from .yaml_nodes import Builder, Node, convert

if TYPE_CHECKING:
    import yaml

__all__ = ["MAX_SIZE", "Tree", "TreePath", "convert", "decode", "load", "load_plain"]

MAX_SIZE = 1024 * 1024
"""Characters that a document may have."""

# YAML 1.2, section 5.1; looked for here because the parsers report only an offset, each in another unit. Compiled when
# first used, since that takes a good part of the time that the start of the program may take.
_UNPRINTABLE = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"

# Words of libyaml and of PyYAML's own parser, what they mean, and what to do about it.
_SYNTAX = (
    ("mapping values are not allowed", "mapping values are not allowed here", "put a text that holds ': ' in quotes"),
    ("cannot start any token", "no value can begin with this character", "indent with spaces; quote texts like '@x'"),
    ("could not find expected ':'", "expected ':' after the key", ""),
    ("expected ',' or", "expected ',' or the closing bracket", "put a text that holds brackets, like ${x}, in quotes"),
    ("expected key", "the indentation does not fit", "the keys of one mapping begin in the same column"),
    ("expected <block end>", "the indentation does not fit", "the keys of one mapping begin in the same column"),
    ("expected '-' indicator", "the indentation does not fit", "the items of one list begin in the same column"),
    ("unexpected end of stream", "a quoted text has no end", "close it with the quote that it began with"),
    ("unknown escape character", "unknown escape in double quotes", "use single quotes, or write the backslash twice"),
    ("sequence entries are not allowed", "a list item cannot stand here", "begin the list on a line of its own"),
    ("<document start>", "something follows the end of the document", ""),
    ("undefined tag handle", "tags are not allowed", "put a text that begins with '!' in quotes"),
)

TreePath = tuple[str | int, ...]


class Tree(NamedTuple):
    """Plain data with places.

    Args:
        data: Mappings, lists, texts, numbers, booleans and None; keys of mappings are texts.
        values: Place of each value by its path; the empty path is the whole.
        keys: Place of each mapping key by the path of its value.
    """

    data: Any
    values: Mapping[TreePath, Place]
    keys: Mapping[TreePath, Place]

    def value_place(self, path: TreePath) -> Place | None:
        """Return the place of a value, or of the nearest thing around it that has one.

        Args:
            path: Keys and list indexes from the top.
        """
        return next((self.values[known] for known in _upwards(path) if known in self.values), None)

    def key_place(self, path: TreePath) -> Place | None:
        """Return the place of a mapping key, or of the nearest thing around it that has one.

        Args:
            path: Keys and list indexes from the top, the key last.
        """
        found = (self.keys.get(known) or self.values.get(known) for known in _upwards(path))
        return next((place for place in found if place), None)


def load(text: str, name: str, *, max_size: int = MAX_SIZE) -> Tree:
    """Read one YAML document.

    Args:
        text: The document.
        name: The file's name, for places.
        max_size: Characters that it may have.

    Raises:
        ConfigError: All that is wrong with it, up to the first thing that makes the rest unreadable.
    """
    if len(text) > max_size:
        raise ConfigError([Problem(f"has more than {max_size:,} characters", place=Place(name))])
    if bad := re.search(_UNPRINTABLE, text):
        line = text.count("\n", 0, bad.start()) + 1
        place = Place(name, line, bad.start() - text.rfind("\n", 0, bad.start()))
        raise ConfigError([Problem(f"the character U+{ord(bad[0]):04X} is not allowed in YAML", place=place)])
    builder = Builder(name)
    for event in _events(text, builder):
        builder.feed(event)
        if builder.is_over:
            break
    if builder.problems:
        raise ConfigError(builder.problems)
    return _expand(builder.root or Node("scalar", Place(name, 1, 1)))


def load_plain(text: str, name: str) -> Any:
    """Read a trusted document without places, as fast as it goes.

    Args:
        text: The document; scalars follow YAML 1.1.
        name: The file's name, for the message.

    Raises:
        ConfigError: It is no YAML.
    """
    import yaml  # lazily: a run without configuration reads no YAML through here

    try:
        return yaml.load(text, Loader=_loader())  # noqa: S506 - the loader is one of the safe ones
    except yaml.YAMLError as error:
        raise ConfigError([_syntax_problem(error, name)]) from error


def decode(raw: bytes, name: str) -> str:
    """Return the text of a file's bytes; a byte order mark is dropped.

    Args:
        raw: The bytes.
        name: The file's name, for the message.

    Raises:
        ConfigError: They are no UTF-8.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        offset = raw.index(error.object) + error.start  # the codec counts from behind the byte order mark
        before = raw[:offset].decode("utf-8-sig")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        what = f"is not UTF-8: byte 0x{raw[offset]:02x} at offset {offset}"
        raise ConfigError([Problem(what, place=Place(name, line, column), hint="save it as UTF-8")]) from error


def _loader() -> Any:
    import yaml  # lazily: see load_plain

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # absent where PyYAML was built without libyaml


def _events(text: str, builder: Builder) -> Iterator[yaml.Event]:
    import yaml  # lazily: see load_plain

    try:
        yield from yaml.parse(text, Loader=_loader())
    except yaml.YAMLError as error:
        builder.problems.append(_syntax_problem(error, builder.name))


def _syntax_problem(error: Exception, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
    words = getattr(error, "problem", None) or getattr(error, "context", None) or str(error).partition("\n")[0]
    for part, meaning, hint in _SYNTAX:
        if part in words:
            return Problem(meaning, place=place, hint=hint)
    return Problem(words, place=place)


def _upwards(path: TreePath) -> Iterator[TreePath]:
    return (path[:length] for length in range(len(path), -1, -1))


def _expand(root: Node) -> Tree:
    """Make the data of a file's nodes; what aliases name is copied, so that nothing is shared."""
    values: dict[TreePath, Place] = {}
    keys: dict[TreePath, Place] = {}
    todo: list[tuple[Node, TreePath, Any]] = []

    def data_of(node: Node, path: TreePath) -> Any:
        values[path] = node.place
        if node.kind == "scalar":
            return node.value
        target: Any = {} if node.kind == "mapping" else []
        todo.append((node, path, target))
        return target

    data = data_of(root, ())
    while todo:
        node, path, target = todo.pop()
        if node.kind == "sequence":
            target.extend(data_of(child, (*path, index)) for index, child in enumerate(node.value))
            continue
        for key, (place, child) in node.value.items():
            keys[*path, key] = place
            target[key] = data_of(child, (*path, key))
    return Tree(data, values, keys)
