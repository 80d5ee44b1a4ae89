"""Torch has one generator of random numbers for all threads: whoever needs what follows from a seed holds it alone."""

from __future__ import annotations

import threading

ALONE = threading.RLock()
"""Held from setting torch's seed until the last number that is to follow from it was drawn."""
