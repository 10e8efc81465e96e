from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.core.plugins import folders
from vwmp_release.core.plugins.info import PluginInfo
from vwmp_release.errors import PluginError


def _by_name(registry: Any) -> dict[str, PluginInfo]:
    return {plugin.name: plugin for plugin in registry.plugins}


def test_a_folder_with_register_plugin_is_a_plugin(plugins: Any) -> None:
    """A folder's handler is found under its name, with the folder as its origin; other folders are no plugins."""
    plugins.write("stamp")
    for odd in ("_private", ".hidden"):
        (plugins.directory / odd).mkdir()
        (plugins.directory / odd / "__init__.py").write_text("raise SystemExit(1)")
    (plugins.directory / "documents").mkdir()
    registry = plugins.discover()
    assert registry.handler_names() == ["stamp.go"]
    assert _by_name(registry)["stamp"].state == "loaded"
    assert [plugin.name for plugin in registry.plugins] == ["stamp"]
    assert registry.origin("step handler", "stamp.go").kinds == [("step handler", "stamp.go")]


def test_a_manifest_is_read_without_importing_the_plugin(plugins: Any) -> None:
    """Names, effects and schemas are known although the code would raise on import; using it names the line."""
    plugins.write(
        "boom",
        init="x = 1\nraise RuntimeError('imported')\n",
        manifest="""
            plugin: {name: loud, version: 1.2, description: Goes off}
            step_handlers:
              bang: {effect: remote, config_schema: {level: {type: integer, default: 11}}}
              other.name: {}
            adapters: [{name: powder, config_schema: {dry: {type: boolean}}}]
            workflow_types: [{name: blasting}]
        """,
    )
    registry = plugins.discover()
    plugin = _by_name(registry)["loud"]
    assert (plugin.state, plugin.version, plugin.description) == ("discovered", "1.2", "Goes off")
    assert registry.handler_names() == ["loud.bang", "other.name"]
    assert registry.facts("loud.bang").effect.value == "remote"
    assert registry.facts("loud.bang").properties["level"]["default"] == 11
    assert registry.adapter_properties("powder") == {"dry": {"type": "boolean"}}
    assert registry.type_names() == ["blasting"]
    assert not [name for name in sys.modules if name.startswith("vwmp_folder_plugin_boom")]
    with pytest.raises(PluginError, match=r"loud.*cannot be imported: RuntimeError: imported .*boom/__init__.py:2"):
        registry.get_handler("loud.bang")
    assert plugin.state == "failed"
    with pytest.raises(PluginError, match="imported"):  # the reason stays, for every name that it offers
        registry.get_adapter("powder")


@pytest.mark.parametrize(
    ("init", "words"),
    [
        ("def register_plugin(registry:\n", r"SyntaxError: .*broken/__init__.py:1\)"),
        ("import no_such_module_at_all\n", r"ModuleNotFoundError: No module named .*broken/__init__.py:1\)"),
        ("from .nowhere import x\n", r"ModuleNotFoundError: .*broken/__init__.py:1\)"),
        ("x = 1\n", r"has no register_plugin"),
        ("register_plugin = 5\n", r"has no register_plugin"),
        ("def register_plugin(registry):\n    1 / 0\n", r"register_plugin failed: ZeroDivisionError: .*py:2\)"),
        ("import sys\nsys.exit(3)\n", r"SystemExit: 3"),
        ("def register_plugin(registry):\n    raise SystemExit('bye')\n", r"SystemExit: bye"),
        (
            "def register_plugin(r):\n    r.register_step_handler('a.b', object())\n",
            r"object is no StepHandler: it lacks",
        ),
        ("def register_plugin(r):\n    r.register_step_handler('', 'm:C')\n", r"without a name"),
        (
            "class A:\n    get_adapter_name = initialize = validate_config = get_config_schema = print\n"
            "def register_plugin(r):\n    r.register_integration_adapter(A())\n",
            r"A does not derive from IntegrationAdapter",
        ),
    ],
)
def test_a_broken_plugin_is_named_and_the_others_go_on(plugins: Any, init: str, words: str) -> None:
    """What is wrong is said with the plugin's folder and line, nothing of it stays, and the next plugin loads."""
    plugins.write("broken", init=init)
    plugins.write("sound")
    registry = plugins.discover()
    broken = _by_name(registry)["broken"]
    assert broken.state == "failed"
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(broken.problem)
    assert str(plugins.directory / "broken") in broken.problem
    assert broken.kinds == []
    assert registry.failures() == [broken.problem]
    assert registry.handler_names() == ["sound.go"]
    assert not [name for name in sys.modules if "_broken_" in name]


def test_what_a_plugin_registered_before_it_failed_is_taken_back(
    plugins: Any, handler_source: Callable[[str], str]
) -> None:
    """A plugin that registers one handler and then raises offers nothing."""
    register = "def register_plugin(r):\n    r.register_step_handler('half.one', One())\n    raise ValueError('two')\n"
    plugins.write("half", init=handler_source("One") + register)
    registry = plugins.discover()
    assert registry.handler_names() == []
    assert "ValueError: two" in registry.plugins[0].problem


def test_a_duplicate_name_names_both_origins(plugins: Any, handler_source: Callable[[str], str]) -> None:
    """The second plugin with a name fails, the message names both, and the first stays in use."""
    plugins.write("a_first")
    register = "def register_plugin(r):\n    r.register_step_handler('a_first.go', Go())\n"
    plugins.write("b_second", init=handler_source("Go") + register)
    registry = plugins.discover()
    problem = _by_name(registry)["b_second"].problem
    assert "registered twice" in problem
    assert str(plugins.directory / "a_first") in problem
    assert str(plugins.directory / "b_second") in problem
    assert registry.origin("step handler", "a_first.go").name == "a_first"
    plugins.write("c_third", init="raise SystemExit", manifest="step_handlers: {a_first.go: {}}")
    assert "registered twice" in _by_name(plugins.discover())["c_third"].problem


@pytest.mark.parametrize("has_manifest", [True, False])
def test_replaces_is_the_legal_duplicate(
    plugins: Any, handler_source: Callable[[str], str], has_manifest: bool
) -> None:
    """A replacement gets the old handler before it registers its own, even where the old one was never loaded."""
    plugins.write(
        "base",
        manifest="step_handlers: {go: {effect: none}}",
        init=handler_source("Go") + "def register_plugin(r):\n    r.register_step_handler('base.go', Go())\n",
    )
    wrap = """
class Wrapped(Go):
    def __init__(self, old):
        self.old = old
def register_plugin(r):
    old = r.get_handler('base.go')
    r.register_step_handler('base.go', Wrapped(old), replaces=True)
"""
    manifest = "step_handlers: {base.go: {effect: repository, replaces: true}}" if has_manifest else None
    plugins.write("over", init=handler_source("Go") + wrap, manifest=manifest)
    registry = plugins.discover()
    handler: Any = registry.get_handler("base.go")
    assert type(handler).__name__ == "Wrapped"
    assert type(handler.old).__name__ == "Go"
    assert registry.origin("step handler", "base.go").name == "over"
    assert registry.facts("base.go").effect.value == ("repository" if has_manifest else "none")
    assert registry.failures() == []
    registry.unregister(_by_name(registry)["over"])
    assert type(registry.get_handler("base.go")).__name__ == "Go"
    assert registry.facts("base.go").effect.value == "none"


def test_the_replaced_plugin_may_be_loaded_later(plugins: Any, handler_source: Callable[[str], str]) -> None:
    """Loading the plugin whose handler was replaced takes nothing away from the replacement, nor from the rest."""
    two = (
        "def register_plugin(r):\n    for name in 'base.go', 'base.on':\n        r.register_step_handler(name, Go())\n"
    )
    plugins.write("base", manifest="step_handlers: {go: {}, 'on': {}}", init=handler_source("Go") + two)
    over = "def register_plugin(r):\n    r.register_step_handler('base.go', New())\n"
    plugins.write("over", manifest="step_handlers: {base.go: {replaces: true}}", init=handler_source("New") + over)
    registry = plugins.discover()
    assert type(registry.get_handler("base.on")).__name__ == "Go"
    assert type(registry.get_handler("base.go")).__name__ == "New"


def test_a_plugin_loaded_inside_another_stays_when_that_one_fails(
    plugins: Any, handler_source: Callable[[str], str]
) -> None:
    """A failing plugin that asked for another's handler takes back its own registrations only."""
    plugins.write(
        "base",
        manifest="step_handlers: {go: {}}",
        init=handler_source("Go") + "def register_plugin(r):\n    r.register_step_handler('base.go', Go())\n",
    )
    plugins.write("user", init="def register_plugin(r):\n    r.get_handler('base.go')\n    raise KeyError('late')\n")
    registry = plugins.discover()
    assert _by_name(registry)["user"].state == "failed"
    assert type(registry.get_handler("base.go")).__name__ == "Go"


def test_lazy_references_are_relative_to_the_plugin(plugins: Any, handler_source: Callable[[str], str]) -> None:
    """`module:Class` is imported when the handler is first used, from the plugin's own folder."""
    plugins.write(
        "lazy",
        init="""
            def register_plugin(r):
                r.register_step_handler('lazy.ok', 'work:Work')
                r.register_step_handler('lazy.missing', 'nowhere:Work')
                r.register_step_handler('lazy.wrong', 'work:Other')
                r.register_step_handler('lazy.short', 'work:Short')
                r.register_step_handler('lazy.raising', 'work:Raising')
        """,
        work=handler_source("Work")
        + "class Short:\n    pass\nclass Raising(Work):\n    def __init__(self):\n        exit(4)\n",
    )
    registry = plugins.discover()
    assert not [name for name in sys.modules if name.endswith(".work")]
    assert type(registry.get_handler("lazy.ok")).__name__ == "Work"
    assert registry.get_handler("lazy.ok") is registry.get_handler("lazy.ok")
    for name, words in [
        ("missing", "cannot load nowhere:Work: ModuleNotFoundError"),
        ("wrong", "cannot load work:Other: AttributeError"),
        ("short", "Short is no StepHandler: it lacks execute, get_config_schema, get_step_info, validate_config"),
        ("raising", "Raising.* failed: SystemExit: 4"),
    ]:
        with pytest.raises(PluginError, match=words):
            registry.get_handler(f"lazy.{name}")
    rows = {row["handler"]: row for row in registry.list_step_handlers()}
    assert rows["lazy.ok"]["effect"] == "none"
    assert rows["lazy.ok"]["name"] == "Work"
    assert "cannot load" in rows["lazy.missing"]["problem"]


def test_a_handler_that_the_manifest_promises_must_be_registered(plugins: Any) -> None:
    """A manifest's handler that `register_plugin` forgets is an error that names it; others may be registered."""
    plugins.write("liar", manifest="step_handlers: {gone: {}, go: {effect: remote}}")
    registry = plugins.discover()
    assert type(registry.get_handler("liar.go")).__name__ == "Go"
    assert registry.facts("liar.go").effect.value == "remote"  # the manifest stands over the class
    with pytest.raises(PluginError, match=r"declares 'liar.gone' in its manifest, but does not register it"):
        registry.get_handler("liar.gone")


@pytest.mark.parametrize(
    ("requires", "problem"),
    [
        (">=0.1", ""),
        (">=0.0.1, <99", ""),
        ("~=0.1", ""),
        ("!=9", ""),
        (">=9.0", "needs engine >=9.0, this is"),
        ("<0.0.1", "needs engine <0.0.1"),
        ("==7", "needs engine ==7"),
        ("latest", "'latest' is no range of versions"),
        (">=x", "is no range of versions"),
    ],
)
def test_a_plugin_says_which_engine_it_needs(plugins: Any, requires: str, problem: str) -> None:
    """A plugin that does not fit this engine is not loaded, with the reason."""
    plugins.write("picky", manifest=f"plugin: {{requires: {{engine: '{requires}'}}}}\nstep_handlers: {{go: {{}}}}")
    registry = plugins.discover()
    assert problem in registry.plugins[0].problem
    assert bool(registry.handler_names()) is not bool(problem)


def test_wanted_names_the_folder_or_the_manifest(plugins: Any) -> None:
    """What is not wanted is neither imported nor listed; a manifest's name counts as well as the folder's."""
    plugins.write("one", init="raise SystemExit('imported')")
    plugins.write("two", manifest="plugin: {name: second}\nstep_handlers: {x.y: {}}")
    from vwmp_release.core.plugins.registry import PluginRegistry

    chosen = PluginRegistry()
    folders.discover(chosen, plugins.directory, shown="p", wanted=lambda name: name == "second")
    assert [plugin.name for plugin in chosen.plugins] == ["second"]
    assert chosen.plugins[0].path == "p/two"


def test_refused_folders_are_named_and_not_imported(plugins: Any) -> None:
    """A folder that must not be used is kept with the reason, and its code never runs."""
    from vwmp_release.core.plugins.registry import PluginRegistry

    plugins.write("bad", init="raise SystemExit('imported')")
    registry = PluginRegistry()
    folders.discover(registry, plugins.directory, shown="p", refused=lambda folder: "others may write to it")
    assert [(p.state, p.problem) for p in registry.plugins] == [
        ("refused", "folder plugin bad (p/bad) is not used: others may write to it")
    ]


@pytest.mark.skipif(os.name == "nt", reason="owners and modes are POSIX")
@pytest.mark.parametrize(
    ("inside", "mode", "reason"),
    [(True, 0o777, ""), (False, 0o755, ""), (False, 0o757, "others may write to it"), (False, 0o775, "others may")],
)
def test_directories_outside_must_be_the_users_own(tmp_path: Path, inside: bool, mode: int, reason: str) -> None:
    """Inside the repository anything goes; outside nobody else may be able to write."""
    root = tmp_path / "repo"
    directory = (root if inside else tmp_path) / "plugins"
    directory.mkdir(parents=True)
    directory.chmod(mode)
    assert folders.allowed(directory, root).startswith(reason)
    assert bool(folders.allowed(directory, root)) is bool(reason)


@pytest.mark.skipif(os.name == "nt", reason="owners and modes are POSIX")
@pytest.mark.parametrize("name", ["__init__.py", "other.py", "config.yaml"])
def test_files_outside_must_be_the_users_own_too(tmp_path: Path, name: str) -> None:
    """A module or manifest outside the repository that others may write to is refused with its name."""
    directory = tmp_path / "plugins"
    directory.mkdir(mode=0o755)
    (directory / name).write_text("")
    (directory / name).chmod(0o666)
    assert folders.allowed(directory, tmp_path / "repo") == f"others may write to {name}"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give files away")
def test_directories_of_other_users_are_refused(tmp_path: Path) -> None:
    """A directory outside the repository that belongs to somebody else is not used."""
    directory = tmp_path / "plugins"
    directory.mkdir()
    os.chown(directory, 12345, 12345)
    assert folders.allowed(directory, tmp_path / "repo") == "it belongs to another user"


def test_an_interrupt_while_loading_is_no_plugins_fault(plugins: Any) -> None:
    """Ctrl-C during discovery ends the discovery, and leaves no half-imported module."""
    plugins.write("slow", init="raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        plugins.discover()
    assert not [name for name in sys.modules if "_slow_" in name]


def test_the_module_is_shared_by_later_discoveries(plugins: Any) -> None:
    """Discovering twice imports once: a plugin's module state is one."""
    plugins.write("once")
    first: Any = plugins.discover().get_handler("once.go")
    second: Any = plugins.discover().get_handler("once.go")
    assert type(first) is type(second)
