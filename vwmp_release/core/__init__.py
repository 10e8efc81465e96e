"""The engine: configuration, workflows, plugins, execution and the transaction; it knows no plugin by name."""
