"""Linear and integer programmes, solved without a word of the solver's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def solved(aim: Any, **options: Any) -> Any:
    """What `scipy.optimize.milp` finds; HiGHS prints some warnings past Python's own output."""
    from scipy.optimize import milp

    with _silent():
        return milp(aim, **options)


@contextmanager
def _silent() -> Iterator[None]:
    """Send what native code prints to nowhere, where there is an output to be had."""
    try:
        kept = os.dup(1)
    except OSError:  # a program without a console
        yield
        return
    if sys.stdout is not None:
        sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
