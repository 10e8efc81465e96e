"""What a user asks for, whichever door it came through."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..interfaces import Seal

_INPUT = "VWMP_INPUT_"


@dataclass(frozen=True)
class Request:
    """What a user asks for.

    Args:
        directory: A folder of the repository.
        config_file: The configuration; None looks for the repository's own.
        workflow: Name of the workflow; None for `release`.
        parameters: Values for this run by name, as texts.
        push: False disables the step that publishes.
        strict: Whether nothing to release is an error.
        confirm: Asked with the sealed release before the first effect beyond the machine.
        environ: The environment.
    """

    directory: Path = Path(".")
    config_file: Path | None = None
    workflow: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    push: bool = True
    strict: bool = False
    confirm: Callable[[Seal | None], bool] | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    @property
    def runtime(self) -> dict[str, str]:
        """The values given for this run: of the command line, then of `VWMP_INPUT_*`."""
        inputs = {
            key.removeprefix(_INPUT).lower().replace("-", "_"): value
            for key, value in self.environ.items()
            if key.startswith(_INPUT) and value
        }
        return {**inputs, **self.parameters}
