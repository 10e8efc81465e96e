"""Turns the events of a YAML parser into nodes with places, bounded in depth and number; for `yaml_tree` only.

Scalars follow the core schema of YAML 1.2 (section 10.3.2), not that of YAML 1.1: there `on:` as a key becomes True,
`1_000` a number, `2026-01-31` a date and `1:30` ninety, which keys, versions and dates of a release must not.
"""

from __future__ import annotations

import math
import re
from typing import Any

from ..errors import Place, Problem, nearest

MAX_DEPTH = 100
MAX_NODES = 100_000
MAX_ALIASED = 10_000
# Longer runs of digits fit no float, and int() refuses them from 4,300 on: they stay text.
_MAX_DIGITS = 300

_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# Not compiled here, but when first used: a run without configuration needs none of them.
_INT = r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
_FLOAT = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
_SPECIAL = r"([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
_TAG = "tag:yaml.org,2002:"
_SCALAR_TAGS: dict[str, tuple[type, ...]] = {
    f"{_TAG}null": (type(None),),
    f"{_TAG}bool": (bool,),
    f"{_TAG}int": (int,),
    f"{_TAG}float": (float, int),
}


def convert(text: str) -> Any:
    """Return what an unquoted text means by the core schema of YAML 1.2.

    Args:
        text: The scalar as it was written.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in "+-.0123456789" or len(text) > _MAX_DIGITS:
        return text
    if re.fullmatch(_INT, text):
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if re.fullmatch(_FLOAT, text):
        return float(text)
    if special := re.fullmatch(_SPECIAL, text):
        return math.nan if special[1] is None else float(f"{special[1]}inf")
    return text


class Node:
    """A value as it was written; an alias is the very node that it names.

    Args:
        kind: `scalar`, `sequence` or `mapping`; `broken` where a problem was reported.
        place: Where it begins.
        value: The scalar; the items; (place of the key, node) by key.
        text: A scalar's own characters.
        is_plain: Whether a scalar stands without quotes and tag.
    """

    __slots__ = ("height", "is_open", "is_plain", "kind", "place", "size", "text", "value")

    def __init__(self, kind: str, place: Place, value: Any = None, text: str = "", is_plain: bool = False) -> None:
        self.kind = kind
        self.place = place
        self.value = value
        self.text = text
        self.is_plain = is_plain
        self.is_open = kind in ("sequence", "mapping")
        self.size = 1
        self.height = 1

    def close(self) -> None:
        """Count the nodes and levels of a collection that has been read."""
        children = self.value if self.kind == "sequence" else [node for _, node in self.value.values()]
        self.size += sum(child.size for child in children)
        self.height += max((child.height for child in children), default=0)
        self.is_open = False


class _Frame:
    """A collection that is being read: its node, the key that waits for a value, the mappings to merge."""

    __slots__ = ("key", "merges", "node")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.key: Node | None = None
        self.merges: list[Node] = []


class Builder:
    """Takes the events of one file; `is_over` once the rest cannot be read.

    Args:
        name: The file's name, for places.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self.is_over = False
        self._stack: list[_Frame] = []
        self._anchors: dict[str, Node] = {}
        self._nodes = 0
        self._aliased = 0

    def feed(self, event: Any) -> None:
        """Take the parser's next event.

        Args:
            event: An event of PyYAML.
        """
        match type(event).__name__:
            case "ScalarEvent":
                self._begin(event, self._scalar(event))
            case "SequenceStartEvent":
                self._begin(event, self._collection(event, "sequence", []))
            case "MappingStartEvent":
                self._begin(event, self._collection(event, "mapping", {}))
            case "SequenceEndEvent" | "MappingEndEvent":
                self._end()
            case "AliasEvent":
                self._add(self._alias(event))
            case "DocumentStartEvent" if self.root:
                self._stop("a second document begins here", self._place(event), "keep one document in the file")

    def _place(self, event: Any) -> Place:
        return Place(self.name, event.start_mark.line + 1, event.start_mark.column + 1)

    def _report(self, what: str, place: Place, hint: str = "") -> Node:
        self.problems.append(Problem(what, place=place, hint=hint))
        return Node("broken", place)

    def _stop(self, what: str, place: Place, hint: str = "") -> None:
        self._report(what, place, hint)
        self.is_over = True

    def _begin(self, event: Any, node: Node) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(f"holds more than {MAX_NODES:,} values", node.place)
        if event.anchor:
            self._anchors[event.anchor] = node
        if not node.is_open:
            self._add(node)
        elif len(self._stack) >= MAX_DEPTH:
            self._stop(f"nested more than {MAX_DEPTH} levels deep", node.place)
        else:
            self._stack.append(_Frame(node))

    def _end(self) -> None:
        frame = self._stack.pop()
        if frame.merges:
            merged: dict[str, Any] = {}
            for source in reversed(frame.merges):  # the first mapping to merge wins, the mapping's own keys over all
                merged.update(source.value)
            frame.node.value = {**merged, **frame.node.value}
        frame.node.close()
        self._add(frame.node)

    def _scalar(self, event: Any) -> Node:
        place, text, is_plain = self._place(event), event.value, event.tag is None and bool(event.implicit[0])
        if event.tag in (None, "!", f"{_TAG}str"):
            value = convert(text) if is_plain else text
        elif event.tag in _SCALAR_TAGS:
            value = convert(text)
            if not isinstance(value, _SCALAR_TAGS[event.tag]):
                return self._report(f"'{text}' is no {event.tag.removeprefix(_TAG)}", place)
        else:
            return self._foreign_tag(event)
        if isinstance(value, float) and not math.isfinite(value):
            return self._report(f"'{text}' is no finite number", place, "put it in quotes if it is a text")
        return Node("scalar", place, value, text, is_plain)

    def _collection(self, event: Any, kind: str, value: Any) -> Node:
        if event.tag not in (None, "!", f"{_TAG}{kind[:3]}"):
            self._foreign_tag(event)
        return Node(kind, self._place(event), value)

    def _foreign_tag(self, event: Any) -> Node:
        tag = event.tag.replace(_TAG, "!!")
        return self._report(
            f"the tag {tag} is not allowed", self._place(event), "put a text that begins with ! in quotes"
        )

    def _alias(self, event: Any) -> Node:
        place, node = self._place(event), self._anchors.get(event.anchor)
        if node is None:
            return self._report(
                f"unknown alias *{event.anchor}", place, nearest(event.anchor, list(self._anchors)).replace("'", "")
            )
        if node.is_open:
            return self._report(f"the alias *{event.anchor} stands inside the value that it names", place)
        self._aliased += node.size
        if self._aliased > MAX_ALIASED:
            self._stop(f"aliases repeat more than {MAX_ALIASED:,} values", place, "write the values without aliases")
        if len(self._stack) + node.height > MAX_DEPTH:
            self._stop(f"nested more than {MAX_DEPTH} levels deep", place)
        return node

    def _add(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        frame = self._stack[-1]
        if frame.node.kind == "sequence":
            frame.node.value.append(node)
        elif frame.key is None:
            frame.key = node
        else:
            key, frame.key = frame.key, None
            self._pair(frame, key, node)

    def _pair(self, frame: _Frame, key: Node, node: Node) -> None:
        if key.is_plain and key.text == "<<":
            self._merge(frame, node)
            return
        text = self._key_text(key)
        if text is None:
            return
        if text in frame.node.value:
            self._report(f"duplicate key '{text}', it stands first at {frame.node.value[text][0]}", key.place)
            return
        frame.node.value[text] = (key.place, node)

    def _key_text(self, key: Node) -> str | None:
        if key.kind == "scalar" and isinstance(key.value, str):
            return key.value
        if key.kind == "scalar" and isinstance(key.value, int):  # 10 and true are names here as well
            return key.text
        if key.kind != "broken":
            self._report("a key must be a text", key.place, "put the key in quotes")
        return None

    def _merge(self, frame: _Frame, node: Node) -> None:
        sources = node.value if node.kind == "sequence" else [node]
        for source in sources:
            if source.kind == "mapping":
                frame.merges.append(source)
            elif source.kind != "broken":
                self._report("'<<' must be followed by a mapping, or a list of mappings", source.place)
