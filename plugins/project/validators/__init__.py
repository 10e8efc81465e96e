"""Validators of a project: what the configuration names, how it runs, and what its output says."""
