"""The starter networks, each built by code; ``tools/make_starters.py`` writes them as files."""
