"""Questions to a network about what goes on inside it: one question, one module.

A probe is a frozen value that is called with a Session (``control.ask(probe)``) or with a Predictor, and answers with
numbers and numpy copies. It leaves everything as it was: a run probed at every step learns the very same weights.
"""

from __future__ import annotations

from cnn_studio.core.kinds import Registry
from cnn_studio.engine.insight.base import Probe

probes: Registry[type[Probe]] = Registry("cnn_studio.engine.insight")
"""Kinds of question by name."""
