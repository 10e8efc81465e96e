"""The built-in plugins: `vwmp_release.plugins`, or the sibling folder in a source checkout, under one module name."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

PACKAGE = "vwmp_release.plugins"


def ensure_importable() -> ModuleType:
    """Import the package of the built-in plugins and return it.

    Raises:
        ModuleNotFoundError: Neither the installed package nor the sibling folder is there.
    """
    import importlib.util  # lazily: half of it is only needed in a source checkout

    try:
        return importlib.import_module(PACKAGE)
    except ModuleNotFoundError as error:
        if error.name != PACKAGE:
            raise
    folder = Path(__file__).resolve().parents[3] / "plugins"
    spec = importlib.util.spec_from_file_location(
        PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None or not folder.is_dir():
        raise ModuleNotFoundError(f"no module named {PACKAGE!r}", name=PACKAGE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = module
    spec.loader.exec_module(module)
    sys.modules["vwmp_release"].plugins = module  # type: ignore[attr-defined]
    return module


def folder() -> Path:
    """Return the folder of the built-in plugins."""
    return Path(str(ensure_importable().__file__)).parent
