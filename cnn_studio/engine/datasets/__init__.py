"""Sources of data: generated ones that need no network, known ones that are fetched when asked for, and one's own."""

from __future__ import annotations

from cnn_studio.core.kinds import Registry
from cnn_studio.engine.datasets.source import Source

sources: Registry[Source] = Registry("cnn_studio.engine.datasets")
"""Data sets by the name that plans and commands use."""
