"""Changelog sections: rendering, insertion and detailed files."""
