"""How many cores torch uses in which thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

import torch

T = TypeVar("T")

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


def with_all_cores(work: Callable[[], T]) -> T:
    """Do something that takes as many cores as torch likes, in a thread that ends with it.

    Torch keeps helpers for each thread that has computed on several cores, until that thread ends. As soon as all of
    them together are more than the cores, those of a training no longer wait for their next piece of work but sleep, and
    a small network learns at a third of its speed.
    """
    with ThreadPoolExecutor(1, "cores") as pool:
        return pool.submit(copy_context().run, work).result()
