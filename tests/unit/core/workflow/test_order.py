from __future__ import annotations

import pytest

from vwmp_release.core.workflow.order import ancestors, ordered


@pytest.mark.parametrize(
    ("ids", "edges", "order"),
    [
        ("", {}, ""),
        ("abc", {}, "abc"),
        ("abc", {"a": "c"}, "bca"),
        ("abcd", {"a": "bc", "c": "d"}, "bdca"),
        ("cba", {"c": "a"}, "bac"),
        ("ab", {"a": ["x"]}, "ab"),
    ],
)
def test_the_order_is_topological_and_stable(ids: str, edges: dict[str, str], order: str) -> None:
    """Each comes after what it depends on, the rest as written; unknown names count for nothing."""
    assert ordered(list(ids), edges) == (list(order), [])


@pytest.mark.parametrize(
    ("ids", "edges", "cycle"),
    [
        ("a", {"a": "a"}, "aa"),
        ("ab", {"a": "b", "b": "a"}, "aba"),
        ("abcd", {"a": "b", "b": "c", "c": "b", "d": "a"}, "bcb"),
    ],
)
def test_a_cycle_is_returned_as_a_closed_path(ids: str, edges: dict[str, str], cycle: str) -> None:
    """The path begins and ends with the same id, and leaves out what only leads to it."""
    assert ordered(list(ids), edges)[1] == list(cycle)


def test_what_is_outside_a_cycle_is_ordered_all_the_same() -> None:
    """Ids before a cycle keep their order."""
    assert ordered(list("abc"), {"b": "c", "c": "b"}) == (["a"], ["b", "c", "b"])


def test_a_long_chain_needs_no_recursion() -> None:
    """Two thousand steps in a row are put in order."""
    ids = [str(number) for number in range(2000)]
    edges = {identity: [str(int(identity) + 1)] for identity in ids[:-1]}
    assert ordered(ids, edges)[0] == ids[::-1]
    assert len(ancestors("0", edges)) == 1999


def test_ancestors_are_found_through_all_ways() -> None:
    """Direct and indirect dependencies count once, also around a cycle."""
    assert ancestors("a", {"a": "bc", "b": "d", "c": "d", "d": "b"}) == set("bcd")
    assert ancestors("x", {}) == set()
