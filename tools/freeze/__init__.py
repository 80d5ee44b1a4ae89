"""Makes packages of the built program. ``packaging/build.py`` begins it; packaging/README.md explains it."""
