"""Exports that need weights or what is known of a run."""
