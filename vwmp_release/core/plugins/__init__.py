"""Plugins: registry, discovery, manifests and lifecycle."""
