"""Networks that run: torch and numpy, never a window."""
