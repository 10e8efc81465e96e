from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vwmp_release.core.plugins import builtin


def test_the_installed_package_is_found() -> None:
    """The built-in plugins are the package's own folder, with their manifests."""
    assert {path.parent.name for path in builtin.folder().glob("*/config.yaml")} >= {"git", "project", "release"}


def test_a_checkout_without_installation_finds_the_sibling_folder(root: Path) -> None:
    """Where nothing is installed, the folder beside the package is imported under the same name."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from vwmp_release.core.plugins import builtin; import vwmp_release;"
        "print(builtin.folder()); module = builtin.ensure_importable();"
        "import vwmp_release.plugins.git; print(module is vwmp_release.plugins, module.__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", script, str(root)], capture_output=True, text=True, cwd=root.parent, check=True
    )
    assert done.stdout.splitlines() == [str(root / "plugins"), "True vwmp_release.plugins"]


def test_a_package_without_its_plugins_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where neither is there, or something inside is missing, the import error stands."""
    for missing in (builtin.PACKAGE, "something.inside"):

        def refuse(name: str, missing: str = missing) -> None:
            raise ModuleNotFoundError(f"no module named {missing}", name=missing)

        with monkeypatch.context() as patch:
            patch.setattr("importlib.import_module", refuse)
            patch.setattr(builtin, "__file__", str(tmp_path / "a" / "b" / "c" / "d.py"))
            with pytest.raises(ModuleNotFoundError) as caught:
                builtin.ensure_importable()
            assert caught.value.name == missing
