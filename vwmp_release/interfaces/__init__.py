"""All that a plugin imports: the base classes, the values and the ports. Standard library only."""

from .adapter import IntegrationAdapter
from .context import StepContext
from .declared import DeclaredHandler
from .ports import (
    CommitPoint,
    FileChange,
    Opening,
    Publication,
    PushOrder,
    RemoteState,
    RepositoryPort,
    RunIdentity,
    Seal,
    StepLogger,
    TagRef,
    TransactionPort,
    Workspace,
)
from .registry import PluginRegistry
from .results import Annotation, Effect, StepResult, StepStatus, ValidationResult
from .step_handler import StepHandler
from .workflow_type import WorkflowTemplate, WorkflowTypeMetadata, WorkflowTypePlugin

__all__ = [
    "Annotation",
    "CommitPoint",
    "DeclaredHandler",
    "Effect",
    "FileChange",
    "IntegrationAdapter",
    "Opening",
    "PluginRegistry",
    "Publication",
    "PushOrder",
    "RemoteState",
    "RepositoryPort",
    "RunIdentity",
    "Seal",
    "StepContext",
    "StepHandler",
    "StepLogger",
    "StepResult",
    "StepStatus",
    "TagRef",
    "TransactionPort",
    "ValidationResult",
    "WorkflowTemplate",
    "WorkflowTypeMetadata",
    "WorkflowTypePlugin",
    "Workspace",
]
