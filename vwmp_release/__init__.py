"""A release tool whose releases are transactions, and the plugin-based workflow engine under it."""

__version__ = "0.1.0"
