"""The interface of step handlers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from .context import StepContext
from .results import Effect, StepResult, ValidationResult


class StepHandler(ABC):
    """Base class for step handlers.

    `effect` says what the handler touches; a manifest's `effect` stands over it. `commit_point` marks the one handler
    that publishes the release.
    """

    effect: ClassVar[Effect | str] = Effect.WORKSPACE
    commit_point: ClassVar[bool] = False

    @abstractmethod
    def execute(self, context: StepContext) -> StepResult:
        """Execute the step.

        Args:
            context: Everything the step may use.

        Returns:
            The result, with status SUCCESS, FAILED or SKIPPED.

        Raises:
            Exception: Anything raised ends as a failed step with its reason; `PermanentError` is not retried.
        """

    @abstractmethod
    def validate_config(self, config: dict[str, Any]) -> ValidationResult:
        """Validate what the schema cannot say about a step's configuration.

        Args:
            config: The step's effective configuration.
        """

    @abstractmethod
    def get_config_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the step's configuration: an object with `properties`."""

    @abstractmethod
    def get_step_info(self) -> dict[str, Any]:
        """Return what people read about the step: `name`, `description`, `icon`, `category`."""

    def get_dependencies(self, config: dict[str, Any]) -> list[str]:
        """Return the outputs that the step needs: `STEP_ID`, `STEP_ID.KEY`, or `*.KEY` for any earlier step's KEY.

        Args:
            config: The step's effective configuration.
        """
        return []

    def can_retry(self, error: str) -> bool:
        """Say whether the step may be tried again after this error.

        Args:
            error: The failed attempt's error text.
        """
        return False

    def get_retry_delay(self, attempt: int) -> float:
        """Return the delay before a retry, in seconds.

        Args:
            attempt: 1 for the first retry.
        """
        return float(min(2**attempt, 60))
