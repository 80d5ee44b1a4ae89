"""The studio at the terminal: every task without a window."""
