"""Kanban documents in Markdown: which there are, what they say of tasks, and the edits that a release makes."""
