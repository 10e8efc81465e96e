"""Version schemes: parse, compare, bump and render."""
