"""A step handler whose schema and description stand in its plugin's manifest, so that they are written once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, ClassVar

from .results import ValidationResult
from .step_handler import StepHandler


class DeclaredHandler(StepHandler):
    """Base class for handlers of plugins that have a `config.yaml`.

    `handler_path` is the handler's registered name; `info` what people read about it.
    """

    handler_path: ClassVar[str]
    info: ClassVar[dict[str, Any]]

    def validate_config(self, config: dict[str, Any]) -> ValidationResult:
        """Accept what the schema accepts.

        Args:
            config: The step's effective configuration.
        """
        return ValidationResult(valid=True)

    def get_config_schema(self) -> dict[str, Any]:
        """Return the schema that the plugin's manifest declares."""
        import yaml  # lazily: the engine has read the manifest already

        plugin = sys.modules[type(self).__module__.rsplit(".handlers.", 1)[0]]
        manifest = yaml.safe_load((Path(str(plugin.__file__)).parent / "config.yaml").read_text(encoding="utf-8"))
        handlers = {
            f"{manifest['plugin']['name']}.{k}" if "." not in k else k: v for k, v in manifest["step_handlers"].items()
        }
        return {"type": "object", "properties": handlers[self.handler_path]["config_schema"]}

    def get_step_info(self) -> dict[str, Any]:
        """Return what people read about the step."""
        return dict(self.info)
