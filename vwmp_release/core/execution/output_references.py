"""References of a step's configuration to the outputs of others: `${step-outputs.ID.KEY}`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ...errors import Problem, nearest
from ..config import references
from ..workflow.definition import StepDefinition, WorkflowDefinition


def waits(value: Any) -> bool:
    """Tell whether a value, or anything inside it, needs the output of a step.

    Args:
        value: Plain data.
    """
    return any(reference.kind == "step-outputs" for reference in references(value))


def owner(path: Sequence[str], ids: Collection[str]) -> str:
    """Return the step that the path of a reference begins with; ids may hold dots.

    Args:
        path: The path, split at its dots.
        ids: Ids of all steps.
    """
    found = (".".join(path[:length]) for length in range(len(path), 0, -1))
    return next((name for name in found if name in ids), path[0])


def misplaced(
    workflow: WorkflowDefinition, step: StepDefinition, values: Mapping[str, Any], before: Collection[str]
) -> list[Problem]:
    """Return a problem for each reference to a step that does not run before this one.

    Args:
        workflow: The workflow.
        step: The step.
        values: Its configuration.
        before: Ids of the steps before it.
    """
    known = [other.id for other in workflow.steps]
    problems = []
    for key, value in values.items():
        for reference in references(value):
            if reference.kind != "step-outputs":
                continue
            name = owner(reference.path, known)
            if name not in before:
                does = "does not run before this one" if name in known else "does not exist"
                what = f"{reference.text} names the step {name!r}, which {does}"
                hint = "let the step depend on it" if name in known else nearest(name, known)
                place = workflow.place_of(("steps", step.index, "config", key))
                problems.append(Problem(what, f"step {step.id}.config.{key}", place, hint))
    return problems
