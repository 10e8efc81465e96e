from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from vwmp_release.core.config import load as load_config
from vwmp_release.core.plugins.load import load
from vwmp_release.core.plugins.registry import PluginRegistry
from vwmp_release.errors import ConfigError


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[..., PluginRegistry]:
    """Load the plugins of a configuration."""

    def from_text(text: str, **options: Any) -> PluginRegistry:
        (tmp_path / "vwmp_config.yaml").write_text(dedent(text), encoding="utf-8")
        return load(load_config(tmp_path), **options)

    return from_text


def test_built_ins_always_load_without_being_imported(loaded: Callable[..., PluginRegistry]) -> None:
    """The built-in plugins are known by their manifests, and the five workflow types exist by name."""
    registry = loaded("plugins: {enabled: false}")
    assert [(p.name, p.origin, p.state) for p in registry.plugins] == [
        (name, "built-in", "discovered") for name in ("git", "project", "release")
    ]
    assert {"release", "ci_cd", "deployment", "testing", "documentation"} == set(registry.type_names())
    assert "git.push" in registry.handler_names()
    plain: Any = registry.get_workflow_type("testing")
    assert plain.get_metadata().description == "Test runs"
    assert plain.validate_workflow({}).valid
    assert plain.get_templates() == plain.get_default_step_types() == []
    assert plain.workspace == "in_place"


def test_no_folder_is_searched_that_the_configuration_does_not_name(
    loaded: Callable[..., PluginRegistry], plugins: Any
) -> None:
    """A folder `plugins` beside the configuration is never imported by itself."""
    plugins.write("trap", init="raise SystemExit('imported')")
    assert loaded("").failures() == []


DIRECTORY = "discovery: {directories: [plugins]}"


@pytest.mark.parametrize(
    ("section", "options", "names"),
    [
        (f"plugins: {{{DIRECTORY}}}", {}, ["one", "two"]),
        (f"plugins: {{enabled: false, {DIRECTORY}}}", {}, []),
        (f"plugins: {{{DIRECTORY}}}", {"built_in_only": True}, []),
        (f"plugins: {{auto_load: false, {DIRECTORY}}}", {}, []),
        (f"plugins: {{auto_load: false, load: [two], {DIRECTORY}}}", {}, ["two"]),
        (f"plugins: {{auto_load: true, load: [two], {DIRECTORY}}}", {}, ["one", "two"]),
        ("plugins: {discovery: {directories: [plugins], method: entry_points}}", {}, []),
        ("plugins: {discovery: {directories: [plugins], method: both}}", {}, ["one", "two"]),
    ],
)
def test_the_configuration_says_what_loads(
    loaded: Callable[..., PluginRegistry], plugins: Any, section: str, options: dict[str, Any], names: list[str]
) -> None:
    """`enabled`, `auto_load`, `load` and the method decide which folder plugins load."""
    for name in ("one", "two"):
        plugins.write(name)
    registry = loaded(section, **options)
    assert [plugin.name for plugin in registry.plugins if plugin.origin == "folder"] == names
    assert [name for name in registry.handler_names() if name.endswith(".go")] == [f"{name}.go" for name in names]


def test_the_path_is_shown_as_it_was_written(loaded: Callable[..., PluginRegistry], plugins: Any) -> None:
    """A plugin's origin is the directory of the configuration and its folder."""
    plugins.write("one")
    assert str(loaded("plugins: {discovery: {directories: [plugins/]}}").plugins[-1]) == (
        "folder plugin one (plugins/one)"
    )


def test_directories_that_cannot_be_used_are_all_named(
    loaded: Callable[..., PluginRegistry], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A missing directory and one that others may write to are both problems, with their places."""
    outside = tmp_path_factory.mktemp("outside")
    outside.chmod(0o777)
    with pytest.raises(ConfigError) as caught:
        loaded(f"plugins:\n  discovery:\n    directories:\n      - nowhere\n      - {outside}\n")
    first, second = caught.value.problems
    assert str(first.place) == "vwmp_config.yaml:4:9"
    assert "'nowhere' does not exist" in first.what
    assert "others may write to it" in second.what
    assert second.hint


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_a_link_to_a_folder_that_others_may_write_to_is_refused(
    loaded: Callable[..., PluginRegistry], plugins: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A link inside the repository does not make a foreign folder the repository's own."""
    outside = tmp_path_factory.mktemp("elsewhere") / "evil"
    outside.mkdir()
    (outside / "__init__.py").write_text("raise SystemExit('imported')")
    outside.chmod(0o777)
    (plugins.directory / "evil").symlink_to(outside)
    registry = loaded(f"plugins: {{{DIRECTORY}}}")
    assert [(p.name, p.state) for p in registry.plugins if p.origin == "folder"] == [("evil", "refused")]
    assert "others may write to it" in registry.failures()[0]


def test_a_plugin_to_load_that_is_not_there_is_an_error(loaded: Callable[..., PluginRegistry], plugins: Any) -> None:
    """`plugins.load` names the plugins that must load: an unknown name is an error, with the nearest one."""
    plugins.write("stamper")
    with pytest.raises(
        ConfigError, match=r"vwmp_config.yaml:1:\d+: plugins.load: there is no plugin 'stamp'"
    ) as caught:
        loaded(f"plugins: {{load: [stamp], auto_load: false, {DIRECTORY}}}")
    assert caught.value.problems[0].hint == "did you mean 'stamper'?"


def test_locked_trust_loads_built_ins_only(loaded: Callable[..., PluginRegistry], plugins: Any) -> None:
    """Under `trust: locked` nothing is imported, and what is left out is named with the reason."""
    plugins.write("trap", init="raise SystemExit('imported')")
    registry = loaded("plugins: {trust: locked, discovery: {directories: [plugins], method: both}}")
    assert [(p.origin, p.state) for p in registry.plugins[3:]] == [("folder", "refused"), ("entry point", "refused")]
    assert all("locked" in problem for problem in registry.failures())


@pytest.fixture
def distribution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Install a distribution: metadata with entry points, and its modules."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    before = set(sys.modules)

    def install(name: str, entry_points: str, **files: str) -> Path:
        info = site / f"{name}-1.5.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.5\n")
        (info / "entry_points.txt").write_text(dedent(entry_points))
        for path, text in files.items():
            file = site / path.replace("__slash__", "/")
            file.parent.mkdir(exist_ok=True)
            file.write_text(dedent(text))
        return site

    yield install
    for module in set(sys.modules) - before:
        if module.startswith("acme"):
            del sys.modules[module]


ENTRY = "plugins: {discovery: {method: entry_points}}"


def test_single_classes_come_in_by_entry_points(
    loaded: Callable[..., PluginRegistry], distribution: Callable[..., Path], handler_source: Callable[[str], str]
) -> None:
    """Handlers of a distribution are known by name, imported when used, and shown with distribution and version."""
    points = """
        [vwmp.step_handlers]
        acme.go = acme_tools:Go
        acme.inner = acme_tools:Outer.Inner
        acme.bad = acme_nowhere:Go
        [vwmp.workflow_types]
        acme_type = acme_tools:Go
        [vwmp.integration_adapters]
        acme_adapter = acme_tools:Go
    """
    source = handler_source("Go") + "class Outer:\n    Inner = Go\n"
    distribution("acme-tools", points, **{"acme_tools.py": source})
    registry = loaded(ENTRY)
    assert "acme_tools" not in sys.modules
    assert str(registry.origin("step handler", "acme.go")) == "entry point plugin acme-tools (acme-tools 1.5)"
    assert registry.facts("acme.go").effect.value == "none"
    assert type(registry.get_handler("acme.inner")).__name__ == "Go"
    with pytest.raises(Exception, match="cannot load acme_nowhere:Go: ModuleNotFoundError"):
        registry.get_handler("acme.bad")
    with pytest.raises(Exception, match="Go is no WorkflowTypePlugin: it lacks"):
        registry.get_workflow_type("acme_type")
    with pytest.raises(Exception, match="Go is no IntegrationAdapter: it lacks"):
        registry.get_adapter("acme_adapter")
    assert loaded("").handler_names().count("acme.go") == 0  # only where the method says so


def test_a_duplicate_entry_point_leaves_the_others(
    loaded: Callable[..., PluginRegistry], distribution: Callable[..., Path], handler_source: Callable[[str], str]
) -> None:
    """An entry point whose name is taken is named with both origins; the distribution's other ones stand."""
    points = "[vwmp.step_handlers]\ngit.commit = acme_tools:Go\nacme.go = acme_tools:Go\n"
    distribution("acme-tools", points, **{"acme_tools.py": handler_source("Go")})
    registry = loaded(ENTRY)
    assert type(registry.get_handler("acme.go")).__name__ == "Go"
    assert registry.origin("step handler", "git.commit").name == "git"
    failure = registry.failures()[0]
    assert "registered twice: by built-in plugin git (git) and by entry point plugin acme-tools" in failure


def test_whole_plugins_come_in_by_entry_points(
    loaded: Callable[..., PluginRegistry], distribution: Callable[..., Path], handler_source: Callable[[str], str]
) -> None:
    """A package with a manifest is not imported before it is used; one without is imported at once."""
    points = "[vwmp.plugins]\nacme = acme_pack\nacme_plain = acme_plain\nacme_sub = acme_pack.sub:ignored\n"
    register = "def register_plugin(r):\n    r.register_step_handler('{0}', '{1}')\n"
    distribution(
        "acme-pack",
        points,
        **{
            "acme_pack__slash____init__.py": register.format("acme.go", "work:Work"),
            "acme_pack__slash__config.yaml": "step_handlers: {go: {effect: remote}}\n",
            "acme_pack__slash__work.py": handler_source("Work"),
            "acme_pack__slash__sub.py": register.format("acme.sub", "work:Work"),
            "acme_plain.py": handler_source("Plain") + register.format("acme.plain", "acme_plain:Plain"),
            "config.yaml": "this is nobody's manifest: [",
        },
    )
    registry = loaded(ENTRY)
    states = {p.name: p.state for p in registry.plugins if p.origin == "entry point"}
    assert states == {"acme": "discovered", "acme_plain": "loaded", "acme_sub": "loaded"}
    assert "acme_pack.work" not in sys.modules
    assert registry.facts("acme.go").effect.value == "remote"
    for name in ("acme.go", "acme.plain", "acme.sub"):
        assert registry.get_handler(name) is not None


@pytest.mark.parametrize(
    ("value", "module", "words"),
    [
        ("acme_gone", "", "there is no module acme_gone"),
        ("acme_gone.sub", "", "the search for acme_gone.sub failed: ModuleNotFoundError"),
        ("acme_bad", "import nothing_like_it\n", "the import of acme_bad failed: ModuleNotFoundError"),
        ("acme_bad", "raise SystemExit(9)\n", "the import of acme_bad failed: SystemExit: 9"),
        ("acme_bad", "x = 1\n", "has no register_plugin"),
    ],
)
def test_a_broken_distribution_is_named(
    loaded: Callable[..., PluginRegistry], distribution: Callable[..., Path], value: str, module: str, words: str
) -> None:
    """What is wrong with an installed plugin is said with distribution and version, and the others go on."""
    distribution("acme-bad", f"[vwmp.plugins]\nacme = {value}\n", **({"acme_bad.py": module} if module else {}))
    registry = loaded(ENTRY)
    assert words in registry.failures()[0]
    assert "(acme-bad 1.5)" in registry.failures()[0]


def test_entry_points_are_loaded_by_name_too(
    loaded: Callable[..., PluginRegistry], distribution: Callable[..., Path], handler_source: Callable[[str], str]
) -> None:
    """With `auto_load: false` an entry point loads when its own name or its distribution's is listed."""
    points = (
        "[vwmp.step_handlers]\nacme.go = acme_tools:Go\nacme.on = acme_tools:Go\n[vwmp.plugins]\nacme = acme_tools\n"
    )
    distribution("acme-tools", points, **{"acme_tools.py": handler_source("Go")})
    section = "plugins: {{auto_load: false, load: [{}], discovery: {{method: entry_points}}}}"
    assert [n for n in loaded(section.format("acme.on")).handler_names() if "acme" in n] == ["acme.on"]
    assert len([n for n in loaded(section.format("acme-tools")).handler_names() if "acme" in n]) == 2
