"""The kinds of layer: each one frozen model that says everything about itself once."""

from cnn_studio.core.kinds import Registry
from cnn_studio.core.layers.base import Layer

layers: Registry[type[Layer]] = Registry("cnn_studio.core.layers")
"""All kinds of layer by the name that files use."""
