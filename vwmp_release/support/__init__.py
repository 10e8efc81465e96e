"""Helpers without domain words, free for plugins to use: processes, text files, YAML with places, redaction, clock."""
