"""Widgets that know Qt only, and nothing of networks or of the program around them."""
