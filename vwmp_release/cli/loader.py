"""Finds a module of the program by name, the built-in plugins' ones also in a source checkout."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def load(name: str) -> ModuleType:
    """Import a module.

    Args:
        name: Its full name, e.g. `vwmp_release.plugins.release.commands`.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != "vwmp_release.plugins":
            raise
    from ..core.plugins.builtin import ensure_importable  # lazily: only a checkout without installation needs it

    ensure_importable()
    return import_module(name)
