"""A trained network on one page: what it is, what it learned from, how well it does, and what goes on inside it."""
