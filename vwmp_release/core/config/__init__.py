"""Configuration: sources, merge with origins, resolution, substitution and schema; `load` is the one door."""

from .explain import Row, origin_text, rows
from .load import in_order, load
from .model import Config
from .resolve import Layer, Origin, Resolved, adapter_layers, resolve, step_layers, workflow_layers
from .schema import ENGINE_PROPERTIES, check, check_config, full_schema, union
from .unknown import unknown_keys
from .variables import Reference, Scope, Settled, references, substitute

__all__ = [
    "ENGINE_PROPERTIES",
    "Config",
    "Layer",
    "Origin",
    "Reference",
    "Resolved",
    "Row",
    "Scope",
    "Settled",
    "adapter_layers",
    "check",
    "check_config",
    "full_schema",
    "in_order",
    "load",
    "origin_text",
    "references",
    "resolve",
    "rows",
    "step_layers",
    "substitute",
    "union",
    "unknown_keys",
    "workflow_layers",
]
