"""Execution: from an ordered plan to a stream of events."""
