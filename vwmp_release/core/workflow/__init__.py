"""Workflows: definition, parser and validator."""
