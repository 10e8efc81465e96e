"""The version in a README: badges, the line Latest Release, and text between markers."""
