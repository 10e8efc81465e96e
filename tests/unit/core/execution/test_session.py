from __future__ import annotations

from typing import Any

import pytest

from vwmp_release.core.execution.events import (
    Published,
    RunFinished,
    RunStarted,
    Sealed,
    StepFinished,
    StepStarted,
    Warned,
    WorkspaceOpened,
)
from vwmp_release.errors import Blocked, ConfigError, StepError
from vwmp_release.interfaces import StepContext, StepResult, StepStatus


def _ok(context: StepContext, **output: Any) -> StepResult:
    return StepResult(context.step_id, StepStatus.SUCCESS, output=output)


def _raise(error: BaseException) -> Any:
    raise error


def _kinds(ended: Any) -> list[str]:
    return [type(event).__name__ for event in ended.events]


def _warnings(ended: Any) -> list[str]:
    return [event.message for event in ended.of(Warned)]


def test_a_release_is_sealed_published_and_followed(engine: Any) -> None:
    """Local steps run in the shadow, the push publishes, the clone follows, and the shadow goes."""
    engine.publisher()
    engine.handler("write", lambda c: (c.workspace_root / "f").write_text("x") and _ok(c))
    ended = engine.run(["write", "push"], kind="shadow", config={"integration_adapters": {"git": {"config": {}}}})
    assert ended.port.said == [
        "initialized", "begin", "seal", "publish", "import", "move", "sync", "abandon", "cleaned up",
    ]  # fmt: skip
    assert _kinds(ended) == [
        "RunStarted", "WorkspaceOpened", "Warned", "StepStarted", "StepFinished", "Sealed", "StepStarted",
        "StepFinished", "Published", "Warned", "RunFinished",
    ]  # fmt: skip
    assert (ended.finished.status, ended.finished.exit_status) == ("released", 0)
    assert _warnings(ended) == ["look out", "README.md was left alone"]
    assert (engine.folder / "shadow" / "f").exists()
    assert not (engine.folder / "f").exists()
    assert engine.shadow_type.said == ["type initialized", "type cleaned up"]
    opened = ended.of(WorkspaceOpened)[0]
    assert (opened.base, opened.branch, opened.remote, opened.remote_asked) == ("base0", "main", "origin", True)


def test_local_steps_come_before_the_push_and_remote_ones_after(engine: Any) -> None:
    """Steps are arranged around the commit point, also where they do not depend on each other."""
    engine.publisher()
    order: Any = []
    for name, effect in (("announce", "remote"), ("edit", "workspace"), ("look", "none")):
        engine.handler(name, lambda c: order.append(c.step_id) or _ok(c), effect)
    steps: list[Any] = [{"handler": name, "dependencies": []} for name in ("announce", "push", "edit", "look")]
    ended = engine.run(steps, kind="shadow")
    assert list(ended.outcomes) == ["edit", "look", "push", "announce"]
    assert order == ["edit", "look", "announce"]
    assert ended.port.said.index("publish") > ended.port.said.index("begin")


def test_without_a_push_the_local_refs_are_the_commit_point(engine: Any) -> None:
    """With the push disabled the release is made locally, and no remote is asked."""
    engine.publisher()
    ended = engine.run(["ok", "push"], kind="shadow", push=False)
    assert ended.port.opening.remote == ""
    assert ended.port.said[2:-1] == ["seal", "import", "move without push", "sync", "abandon"]
    assert ended.outcomes["push"] == "disabled"
    assert ended.finished.status == "released"
    assert len(ended.of(Sealed)) == 1


def test_a_shadow_without_commits_is_just_done(engine: Any) -> None:
    """A shadow workflow that commits and tags nothing changes nothing, and names what was left over."""
    engine.port.committed = False
    engine.port.leftovers = tuple(f"file{i}" for i in range(12))
    ended = engine.run(["ok"], kind="shadow")
    assert ended.finished.status == "done"
    assert "move without push" not in ended.port.said
    assert _warnings(ended)[-1].endswith("file8, file9 …")


def test_the_opening_says_what_the_push_needs(engine: Any) -> None:
    """Remote, branch, limit, links and uncommitted work come from configuration into the opening."""
    properties = {"remote": {"default": "${adapter.git.remote}"}, "branch": {}, "timeout": {}}
    engine.publisher(properties=properties)
    config = {
        "integration_adapters": {"git": {"config": {"remote": "upstream"}}},
        "workflow_types": {"shadow": {"config": {"include_uncommitted": True, "workspace_link": [".venv"]}}},
        "step_handlers": {"push": {"config": {"branch": "next", "timeout": 7}}},
    }
    engine.handler("look", _ok, "none")
    steps = [{"handler": "look", "config": {"workspace_link": ["node_modules", ".venv"]}}, "push"]
    opening = engine.run(steps, kind="shadow", config=config).port.opening
    assert (opening.remote, opening.branch, opening.timeout) == ("upstream", "next", 7.0)
    assert (opening.include_uncommitted, opening.links) == (True, (".venv", "node_modules"))
    assert opening.purpose == "run"


def test_a_step_in_place_works_in_the_users_tree(engine: Any) -> None:
    """In a shadow run a step of effect none may ask for the user's own tree."""
    engine.handler("look", lambda c: _ok(c, root=str(c.workspace_root)), "none")
    steps = [{"id": "a", "handler": "look"}, {"id": "b", "handler": "look", "config": {"workspace": "in_place"}}]
    reports = engine.run(steps, kind="shadow").reports
    assert reports["a"].output["root"] == str(engine.folder / "shadow")
    assert reports["b"].output["root"] == str(engine.folder)


def test_a_failed_optional_step_is_undone_in_a_shadow(engine: Any) -> None:
    """What a failed optional step changed in the shadow is restored; what others did stays."""

    def write(text: str, status: StepStatus) -> Any:
        def execute(context: StepContext) -> StepResult:
            (context.workspace_root / "notes").write_text(text)
            return StepResult(context.step_id, status, error="no")

        return execute

    engine.handler("good", write("good", StepStatus.SUCCESS))
    engine.handler("bad", write("bad", StepStatus.FAILED))
    engine.handler("see", lambda c: _ok(c, text=(c.workspace_root / "notes").read_text()), "none")
    bad = {"handler": "bad", "required": False}
    ended = engine.run(["good", bad, "see"], kind="shadow")
    assert ended.reports["see"].output == {"text": "good"}
    assert ended.port.said.count("checkpoint") == ended.port.said.count("restore") == 1


def test_a_failed_step_leaves_nothing_behind(engine: Any) -> None:
    """A failed required step abandons the shadow: failed, undone, status 1."""
    engine.handler("fail", lambda context: 1 / 0)
    engine.publisher()
    ended = engine.run(["fail", "push"], kind="shadow")
    finished = ended.finished
    assert (finished.status, finished.exit_status, finished.undone) == ("failed", 1, True)
    assert "step fail failed: ZeroDivisionError" in finished.reason
    assert ended.port.said == ["initialized", "begin", "abandon", "cleaned up"]


def test_a_failure_in_place_undoes_nothing_and_says_so(engine: Any) -> None:
    """In place, the report of a failure says that nothing is undone."""
    engine.handler("fail", lambda context: 1 / 0)
    finished = engine.run(["ok", "fail"]).finished
    assert (finished.exit_status, finished.undone) == (1, False)
    assert finished.reason.endswith("the workflow runs in place: nothing is undone")


def test_a_plan_in_place_runs_nothing(engine: Any) -> None:
    """Of an in-place workflow a plan lists the steps in order, and initializes nothing."""
    engine.handler("trap", lambda context: 1 / 0, "none")
    steps = [{"handler": "trap", "dependencies": ["ok"]}, "ok", {"id": "no", "handler": "ok", "enabled": False}]
    steps[1] = {"handler": "ok", "dependencies": []}
    ended = engine.run(steps, command="plan")
    assert ended.outcomes == {"ok": "not-run", "trap": "not-run", "no": "disabled"}
    assert ended.of(StepStarted) == []
    assert ended.finished.status == "planned"
    assert engine.place_type.said == []


def test_a_plan_in_a_shadow_warns_of_what_a_run_would_refuse(engine: Any) -> None:
    """A plan names conflicts and leftovers, publishes nothing, and throws the shadow away."""
    engine.publisher()
    engine.port.conflicts = ("README.md is changed",)
    engine.port.leftovers = ("junk",)
    ended = engine.run(["ok", "push"], command="plan", kind="shadow")
    assert _warnings(ended)[1:] == [
        "a run would be refused: README.md is changed",
        "changed by a step, but not part of the release: junk",
    ]
    assert len(ended.of(Sealed)) == 1
    assert ended.port.said[-3:] == ["seal", "abandon", "cleaned up"]
    assert ended.port.opening.purpose == "plan"


def test_a_plan_without_remote_steps_is_sealed_too(engine: Any) -> None:
    """A shadow workflow without a push is planned to its end."""
    ended = engine.run(["ok"], command="plan", kind="shadow")
    assert len(ended.of(Sealed)) == 1
    assert ended.finished.status == "planned"


def test_uncommitted_work_in_release_files_blocks(engine: Any) -> None:
    """A release that would overwrite the user's uncommitted work is refused before the push."""
    engine.publisher()
    engine.port.conflicts = ("README.md is changed",)
    ended = engine.run(["push"], kind="shadow")
    assert (ended.finished.status, ended.finished.exit_status) == ("blocked", 4)
    assert "include_uncommitted" in ended.finished.hint
    assert "publish" not in ended.port.said
    assert ended.port.said[-2] == "abandon"


@pytest.mark.parametrize(
    ("verdicts", "status", "exit_status", "last"),
    [
        (["refused"], "failed", 5, "abandon"),
        (["moved"], "failed", 5, "abandon"),
        (["superseded"], "superseded", 0, "abandon"),
        (["in-doubt"], "in-doubt", 6, "keep"),
    ],
)
def test_a_push_that_does_not_succeed(
    engine: Any, verdicts: list[str], status: str, exit_status: int, last: str
) -> None:
    """Refused is 5, superseded 0, in doubt 6; only in doubt is anything kept."""
    engine.publisher()
    engine.port.verdicts = list(verdicts)
    ended = engine.run(["push"], kind="shadow")
    assert (ended.finished.status, ended.finished.exit_status) == (status, exit_status)
    assert ended.port.said[-2] == last
    assert "import" not in ended.port.said
    assert ended.of(Published)[0].publication.verdict == verdicts[0]


def test_a_retried_push_asks_the_remote_first(engine: Any) -> None:
    """Before a push is tried again the remote is asked, and what it has already is not pushed again."""
    engine.publisher(retry={"enabled": True, "backoff": "fixed", "delay": 0})
    engine.port.verdicts = ["refused", "published"]
    ended = engine.run(["push"], kind="shadow")
    assert ended.port.said[3:6] == ["publish", "confirm", "publish"]
    assert ended.finished.status == "released"
    engine.port.said.clear()
    engine.port.verdicts, engine.port.confirmed = ["refused"], ["published"]
    (engine.folder / "shadow").rmdir()
    ended = engine.run(["push"], kind="shadow")
    assert ended.port.said[3:6] == ["publish", "confirm", "import"]
    assert ended.finished.status == "released"


@pytest.mark.parametrize("is_required", [True, False])
def test_a_handler_that_hides_a_refusal_releases_nothing(engine: Any, is_required: bool) -> None:
    """A push that did not publish never ends as a release, whatever its handler or `required` says."""
    from vwmp_release.interfaces import PushOrder

    def lie(context: StepContext) -> StepResult:
        assert context.commit_point is not None
        context.commit_point.publish(PushOrder("origin"))
        return _ok(context) if is_required else StepResult("x", StepStatus.FAILED, error="refused")

    engine.handler("push", lie, "remote", commit_point=True)
    engine.port.verdicts = ["refused"]
    ended = engine.run([{"handler": "push", "required": is_required}], kind="shadow")
    assert (ended.finished.status, ended.finished.exit_status) == ("failed", 5)
    assert "move without push" not in ended.port.said


def test_a_failure_after_publishing_is_said_as_half_way(engine: Any) -> None:
    """A required remote step that fails after the push ends with 6: the release is out."""
    engine.publisher()
    engine.handler("announce", lambda context: 1 / 0, "remote")
    finished = engine.run(["push", "announce"], kind="shadow").finished
    assert (finished.status, finished.exit_status) == ("in-doubt", 6)
    assert finished.reason.startswith("the release is published, but step announce failed")


@pytest.mark.parametrize("where", ["import", "move", "sync", "abandon"])
@pytest.mark.parametrize("error", [StepError("no room"), OSError("no room")])
def test_what_fails_after_publishing_is_no_failed_release(engine: Any, where: str, error: Exception) -> None:
    """Once published, trouble in this clone is a warning."""
    engine.publisher()
    engine.port.raises[where] = error
    ended = engine.run(["push"], kind="shadow")
    assert (ended.finished.status, ended.finished.exit_status) == ("released", 0)
    assert any("no room" in text for text in _warnings(ended))


@pytest.mark.parametrize(
    ("where", "exit_status", "status"),
    [("begin", 4, "blocked"), ("seal", 4, "blocked"), ("checkpoint", 4, "blocked")],
)
def test_a_port_that_refuses_before_the_push_blocks(engine: Any, where: str, exit_status: int, status: str) -> None:
    """Whatever refuses before the commit point leaves nothing behind."""
    engine.port.raises[where] = Blocked("locked", hint="wait")
    ended = engine.run([{"handler": "ok", "required": False}], kind="shadow")
    assert (ended.finished.status, ended.finished.exit_status) == (status, exit_status)
    assert ended.finished.hint == "wait"
    assert ended.port.said[-2:] == ["abandon", "cleaned up"]


def test_an_interrupt_while_pushing_asks_the_remote(engine: Any) -> None:
    """Ctrl-C during the push is told by what the remote says."""
    engine.publisher()
    for confirmed, exit_status, last in (
        ("refused", 130, "abandon"),
        ("published", 0, "abandon"),
        ("in-doubt", 6, "keep"),
    ):
        engine.port.said.clear()
        engine.port.raises["publish"] = KeyboardInterrupt()
        engine.port.confirmed = [confirmed]
        ended = engine.run(["push"], kind="shadow")
        assert ended.finished.exit_status == exit_status, confirmed
        assert ended.port.said[-2] == last
        assert ended.of(Published)[0].publication.verdict == confirmed
        (engine.folder / "shadow").rmdir()


def test_a_remote_that_cannot_be_asked_after_an_interrupt_leaves_doubt(engine: Any) -> None:
    """When nobody can say whether the push arrived, nothing is thrown away."""
    engine.publisher()
    engine.port.raises |= {"publish": KeyboardInterrupt(), "confirm": StepError("no network")}
    ended = engine.run(["push"], kind="shadow")
    assert (ended.finished.status, ended.finished.exit_status) == ("in-doubt", 6)
    assert ended.port.said[-2] == "keep"


def test_an_interrupt_after_publishing_is_a_release(engine: Any) -> None:
    """Ctrl-C while this clone follows the release does not undo it; what is missing is said."""
    engine.publisher()
    engine.port.raises["move"] = KeyboardInterrupt()
    ended = engine.run(["push"], kind="shadow")
    assert (ended.finished.status, ended.finished.exit_status) == ("released", 0)
    assert any("git pull" in text for text in _warnings(ended))


@pytest.mark.parametrize("kind", ["shadow", "place"])
def test_an_interrupt_ends_the_run(engine: Any, kind: str) -> None:
    """Ctrl-C in a step ends as failed with 130; a shadow is abandoned, in place it is said that nothing is."""
    engine.handler("stop", lambda context: _raise(KeyboardInterrupt()))
    ended = engine.run(["stop", "ok"], kind=kind)
    finished = ended.finished
    assert (finished.status, finished.exit_status, finished.undone) == ("failed", 130, kind == "shadow")
    assert finished.reason.startswith("interrupted")
    assert ("nothing is undone" in finished.reason) is (kind == "place")
    assert ("abandon" in ended.port.said) is (kind == "shadow")


@pytest.mark.parametrize("at", [RunStarted, WorkspaceOpened, StepFinished])
def test_an_interrupt_handed_in_at_an_event_ends_the_run(engine: Any, at: type) -> None:
    """A consumer may hand an interrupt in at any event; the run still ends with its last event."""
    events = engine.session(engine.plan(["ok", {"id": "b", "handler": "ok"}], kind="shadow")).events()
    event = next(events)
    while not isinstance(event, at):
        event = next(events)
    rest = [events.throw(KeyboardInterrupt()), *events]
    assert isinstance(rest[-1], RunFinished)
    assert rest[-1].exit_status == 130
    assert ("abandon" in engine.port.said) is (at is not RunStarted)


def test_an_interrupt_at_the_very_end_changes_nothing(engine: Any) -> None:
    """Once everything is done, how it ended is said in spite of an interrupt."""
    engine.publisher()
    events = engine.session(engine.plan(["push"], kind="shadow")).events()
    event = next(events)
    while not (isinstance(event, Warned) and "left alone" in event.message):
        event = next(events)
    assert events.throw(KeyboardInterrupt()).status == "released"


def test_a_generator_closed_early_abandons_the_transaction(engine: Any) -> None:
    """A consumer that goes away leaves no shadow behind."""
    events = engine.session(engine.plan(["ok", {"id": "b", "handler": "ok"}], kind="shadow")).events()
    while not isinstance(next(events), StepFinished):
        pass
    events.close()
    assert engine.port.said == ["initialized", "begin", "abandon", "cleaned up"]
    assert engine.shadow_type.said == ["type initialized", "type cleaned up"]


def test_an_adapter_that_is_no_transaction_port_blocks(engine: Any) -> None:
    """A replaced git adapter that cannot run transactions is refused, in words."""
    from vwmp_release.interfaces import IntegrationAdapter, ValidationResult

    members = {"get_adapter_name": lambda s: "git", "initialize": lambda s, c: None,
               "validate_config": lambda s, c: ValidationResult(True), "get_config_schema": lambda s: {}}  # fmt: skip
    cls: Any = type("Plain", (IntegrationAdapter,), members)
    engine.registry.register_integration_adapter(cls(), replaces=True)
    finished = engine.run(["ok"], kind="shadow").finished
    assert (finished.status, finished.exit_status) == ("blocked", 4)
    assert "cannot run a transaction" in finished.reason


@pytest.mark.parametrize("kind", ["shadow", "place"])
def test_a_type_that_cannot_start_fails_the_run(engine: Any, kind: str) -> None:
    """A workflow type whose initialization fails ends the run with its name, before any step."""
    plugin = engine.shadow_type if kind == "shadow" else engine.place_type
    plugin.initialize = lambda config: _raise(SystemExit("no"))
    ended = engine.run(["ok"], kind=kind)
    assert (ended.finished.status, ended.finished.exit_status) == ("failed", 2)
    assert f"the workflow type {kind}: initialize failed: SystemExit: no" in ended.finished.reason
    assert ended.reports == {}


def test_the_question_is_asked_with_what_is_sealed(engine: Any) -> None:
    """The user is asked once, with the sealed release; a no undoes everything."""
    engine.publisher()
    engine.handler("announce", _ok, "remote")
    asked: Any = []
    ended = engine.run(["push", "announce"], kind="shadow", session={"confirm": lambda s: asked.append(s) or True})
    assert [seal.commit for seal in asked] == ["c1"]
    assert ended.finished.status == "released"
    (engine.folder / "shadow").rmdir()
    ended = engine.run(["push"], kind="shadow", session={"confirm": lambda seal: False})
    assert (ended.finished.exit_status, ended.finished.undone) == (130, True)
    assert ended.port.said[-2] == "abandon"


def test_warnings_of_the_plan_are_said_first(engine: Any) -> None:
    """An optional step with an unknown handler is a warning with its hint, and a failed step."""
    ended = engine.run([{"handler": "okk", "required": False}, "ok"])
    warning = ended.of(Warned)[0]
    assert ("unknown handler 'okk'" in warning.message, warning.hint) == (True, "did you mean 'ok'?")
    assert ended.outcomes == {"okk": "failed", "ok": "success"}
    assert ended.finished.exit_status == 0


def test_a_missing_git_adapter_is_said_in_words(engine: Any) -> None:
    """A disabled git adapter is an error of the configuration for a workflow in a shadow, and none in place."""
    config = {"integration_adapters": {"git": {"enabled": False}}}
    with pytest.raises(ConfigError, match="needs the adapter 'git', which is disabled"):
        engine.plan(["ok"], kind="shadow", config=config)
    assert engine.plan(["ok"], config=config).steps
