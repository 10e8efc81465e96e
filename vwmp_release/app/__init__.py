"""The composition root: puts configuration, plugins, workflow and engine together for each command."""

from .project import Project, open_project, schema
from .request import Request
from .running import history, plan, record, run

__all__ = ["Project", "Request", "history", "open_project", "plan", "record", "run", "schema"]
