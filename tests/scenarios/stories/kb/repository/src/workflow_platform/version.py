"""The version of the platform."""

__version__ = "0.21.0.1"
MINIMUM_CLIENT = "0.21.0.1"
