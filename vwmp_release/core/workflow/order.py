"""The order of steps: topological, and stable in the order they were written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def ordered(ids: Sequence[str], edges: Mapping[str, Iterable[str]]) -> tuple[list[str], list[str]]:
    """Sort ids so that each comes after what it depends on.

    Args:
        ids: All ids, in the order they were written.
        edges: For each id the ids before it; names that are not in `ids` are ignored.

    Returns:
        The order, and one cycle as a closed path (`[a, b, a]`); the cycle is empty when there is none.
    """
    known = set(ids)
    waiting = {i: {d for d in edges.get(i, ()) if d in known} for i in ids}
    order: list[str] = []
    while waiting:
        ready = next((i for i in ids if i in waiting and not waiting[i]), None)
        if ready is None:
            return order, _cycle(waiting)
        order.append(ready)
        del waiting[ready]
        for before in waiting.values():
            before.discard(ready)
    return order, []


def ancestors(identity: str, edges: Mapping[str, Iterable[str]]) -> set[str]:
    """Return everything that a step depends on, directly or not.

    Args:
        identity: The step's id.
        edges: For each id the ids before it.
    """
    found: set[str] = set()
    stack = list(edges.get(identity, ()))
    while stack:
        current = stack.pop()
        if current not in found:
            found.add(current)
            stack.extend(edges.get(current, ()))
    return found


def _cycle(waiting: Mapping[str, set[str]]) -> list[str]:
    path: list[str] = []
    current = next(iter(waiting))
    while current not in path:
        path.append(current)
        current = min(waiting[current])
    return [*path[path.index(current) :], current]
