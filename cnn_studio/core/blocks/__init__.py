"""Blocks: small networks that are dropped as one and fold into one card."""

from __future__ import annotations

from cnn_studio.core.blocks.base import Block
from cnn_studio.core.kinds import Registry

blocks: Registry[type[Block]] = Registry("cnn_studio.core.blocks")
"""All kinds of block by name."""
