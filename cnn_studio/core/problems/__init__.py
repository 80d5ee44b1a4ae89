"""What is wrong with a network, said with its numbers, and edits that mend it.

``diagnose`` goes over a report and gives every Problem; a Problem offers Fixes; ``impact`` says beforehand what a
fix, or any other edit, would change.
"""

from __future__ import annotations

from cnn_studio.core.problems.base import ERROR, WARNING, Fix, Problem
from cnn_studio.core.problems.diagnosis import Diagnosis, diagnose
from cnn_studio.core.problems.impact import Impact, impact

__all__ = ["ERROR", "WARNING", "Diagnosis", "Fix", "Impact", "Problem", "diagnose", "impact"]
