"""The step handlers of this plugin, one module each."""
