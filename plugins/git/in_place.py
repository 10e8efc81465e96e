"""Pushes from the user's own work tree, for workflows that have no shadow."""

from __future__ import annotations

import os
from functools import partial

from vwmp_release.errors import Blocked, PermanentError
from vwmp_release.interfaces import Publication, PushOrder, StepContext, TagRef
from vwmp_release.support import git

from . import branch as branches
from . import names, remote, settings, workspace
from .delivery import Delivery, judge, read


def publish(context: StepContext, order: PushOrder) -> Publication:
    """Push HEAD's branch and the tags that earlier steps made, atomically and with leases.

    Args:
        context: The step's context.
        order: What to push, and where.

    Raises:
        PermanentError: The step belongs to a release, or it is not known which branch to push.
    """
    adapter = workspace.adapter(context)
    if adapter is not None and adapter.session is not None:
        raise PermanentError(
            "a step of a release can only push through the commit point", hint="use it once, as git.push"
        )
    root = context.workspace_root
    configuration = settings.read(root)
    head = names.object_id(workspace.output(context, "rev-parse", "--verify", "HEAD^{commit}"))
    here = workspace.call(context, "symbolic-ref", "-q", "HEAD", check=False).text.removeprefix("refs/heads/")
    branch = order.branch or here or context.branch or branches.from_environment(os.environ)
    if not branch or names.ref_trouble(branch):
        raise PermanentError("it is not known which branch to push to", hint="set branch in the step's config")
    try:
        where = remote.endpoint(root, configuration, order.remote)
    except Blocked as error:
        raise PermanentError(error.what, why=error.why, hint=error.hint) from error
    contains = partial(remote.contains, root)
    there = remote.ask(where, branch, order.timeout).state
    tags = _tags(context, head) if order.push_tags else ()
    delivery = Delivery(order.remote, branch, head, there.branch_id, tags, there.tags)
    if not there.asked:
        return delivery.ended("refused", f"{order.remote} cannot be reached: {there.trouble}", retryable=True)
    if there.branch_id and not order.force and not contains(there.branch_id, head):
        return delivery.ended("moved", f"{branch} on {order.remote} has commits that you do not have; git pull")
    options = ["--set-upstream"] if order.upstream and here else []
    done = git.run(
        "push", "--atomic", "--porcelain", "--no-follow-tags", "--recurse-submodules=no", *options,
        *_refspecs(delivery, order.remote, here), cwd=root, env=where.env, timeout=order.timeout, check=False,
    )  # fmt: skip
    said = read(done, delivery)
    if isinstance(said, Publication):
        return said
    return judge(delivery, remote.ask(where, branch, order.timeout).state, contains, said)


def _refspecs(delivery: Delivery, name: str, here: str) -> list[str]:
    """As for the transaction, but by the local branch's name: git then updates tracking refs and the upstream."""
    arguments = delivery.arguments(name)
    target = f"{delivery.commit}:refs/heads/{delivery.branch}"
    local = f"refs/heads/{here}:refs/heads/{delivery.branch}"
    return [local if argument == target and here else argument for argument in arguments]


def _tags(context: StepContext, head: str) -> tuple[TagRef, ...]:
    """The tags that earlier steps say they made, as they are now."""
    wanted: dict[str, bool] = {}
    for result in context.step_outputs.values():
        output = result.output or {}
        if output.get("tag_name"):
            wanted[str(output["tag_name"])] = False
        wanted.update((str(name), True) for name in output.get("floating_tags") or ())
    found = []
    for name, floating in wanted.items():
        ref = f"refs/tags/{names.tag_name(name)}"
        identity = workspace.call(context, "rev-parse", "-q", "--verify", ref, check=False).text
        if names.is_id(identity):
            found.append(TagRef(name, identity, head, floating=floating))
    return tuple(found)
