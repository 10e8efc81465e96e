"""A workflow as it was written, checked for its form; frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import Place


def _nowhere(path: tuple[str | int, ...]) -> Place | None:
    return None


@dataclass(frozen=True)
class StepDefinition:
    """One step of a workflow.

    Args:
        id: Unique in the workflow.
        handler: Registered name of its handler.
        name: For people; the id when not given.
        type: A word for what it does; free.
        config: Its own configuration.
        required: Whether its failure fails the run.
        enabled: Whether it runs at all.
        dependencies: Ids of the steps before it.
        retry: Its own retry policy, over the handler's.
        timeout: Seconds; None for the handler's.
        isolation: `inline`, `thread` or `process`; None for the handler's.
        index: Position in the list it was written in.
    """

    id: str
    handler: str
    name: str = ""
    type: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    required: bool = True
    enabled: bool = True
    dependencies: tuple[str, ...] = ()
    retry: Mapping[str, Any] = field(default_factory=dict)
    timeout: float | None = None
    isolation: str | None = None
    index: int = 0


@dataclass(frozen=True)
class ParameterDefinition:
    """A value that the user may or must give at run time.

    Args:
        name: Its name, for `-p NAME=VALUE` and `${parameters.NAME}`.
        type: string (one line), text, boolean, integer or enum.
        required: Whether a run without it is refused.
        default: Its value when not given.
        label: For people.
        description: One sentence.
        validation: `min_length`, `max_length`, `minimum`, `maximum`, `pattern`.
        options: The values of an enum.
    """

    name: str
    type: str = "string"
    required: bool = False
    default: Any = None
    label: str = ""
    description: str = ""
    validation: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkflowDefinition:
    """A workflow.

    Args:
        name: Its name.
        type: Name of its workflow type.
        steps: Its steps, in the order they were written.
        parameters: Its parameters.
        config: Its own configuration.
        template: Name of the template that it comes from; empty for a workflow with steps of its own.
        template_defaults: The template's `default_config`.
        place_of: Place of a path below the workflow, e.g. `("steps", 2, "handler")`.
    """

    name: str
    type: str
    steps: tuple[StepDefinition, ...] = ()
    parameters: tuple[ParameterDefinition, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    template: str = ""
    template_defaults: Mapping[str, Any] = field(default_factory=dict)
    place_of: Callable[[tuple[str | int, ...]], Place | None] = _nowhere

    def as_dict(self) -> dict[str, Any]:
        """Return the definition in the form that workflow types validate."""
        return {
            "name": self.name,
            "type": self.type,
            "config": dict(self.config),
            "steps": [
                {
                    "id": step.id,
                    "name": step.name,
                    "type": step.type,
                    "handler": step.handler,
                    "config": dict(step.config),
                    "required": step.required,
                    "enabled": step.enabled,
                    "dependencies": list(step.dependencies),
                }
                for step in self.steps
            ],
        }
