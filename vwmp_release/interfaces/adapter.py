"""The interface of integration adapters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from .results import ValidationResult


class IntegrationAdapter(ABC):
    """Base class for integration adapters."""

    @abstractmethod
    def get_adapter_name(self) -> str:
        """Return the adapter's name, e.g. `git`."""

    @abstractmethod
    def initialize(self, config: dict[str, Any]) -> None:
        """Initialize the adapter.

        Args:
            config: The adapter's effective configuration.
        """

    @abstractmethod
    def validate_config(self, config: dict[str, Any]) -> ValidationResult:
        """Validate what the schema cannot say about the adapter's configuration.

        Args:
            config: The adapter's effective configuration.
        """

    @abstractmethod
    def get_config_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the adapter's configuration: an object with `properties`."""

    def cleanup(self) -> None:
        """Release what `initialize` took."""
