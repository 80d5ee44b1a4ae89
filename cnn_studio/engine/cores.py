"""How many cores torch uses in a thread that answers small questions."""

from __future__ import annotations

import threading

import torch

_here = threading.local()


def use_one_core() -> None:
    """From now on torch uses one core in this thread, and as many as before in all others.

    One sample is answered in less time than it takes to call the other cores, and many times less when they are busy.
    """
    if getattr(_here, "alone", False):
        return
    _here.alone = True
    before = torch.get_num_threads()
    if before > 1:
        torch.set_num_threads(1)
        # Setting it also changes what matrix products take in all threads: another one puts that back.
        other = threading.Thread(target=torch.set_num_threads, args=(before,), name="cores", daemon=True)
        other.start()
        other.join()
