"""Commits: reading history and Conventional Commits 1.0.0."""
