"""Reports: pure functions from a run's events to text, JSON and CI annotations."""
