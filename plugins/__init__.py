"""The built-in plugins, shipped as `vwmp_release.plugins` and loaded through the same door as a user's."""
