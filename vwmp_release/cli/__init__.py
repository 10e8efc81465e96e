"""The console commands; click lives here and nowhere else."""
