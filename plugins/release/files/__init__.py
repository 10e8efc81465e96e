"""Version files: finding and editing the version in them, byte-faithfully."""
