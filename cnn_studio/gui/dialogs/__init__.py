"""Dialogs: few, as most things are said in place."""
