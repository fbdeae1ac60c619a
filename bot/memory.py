"""Keeps the pauses short in which Python collects garbage."""

import gc


def settle_startup() -> None:
    """Take what has been loaded so far out of every later collection.

    A full collection looks at each object, and no thread runs meanwhile: with all modules loaded it
    takes 150 ms and more, whoever happens to press at that moment. What was loaded stays anyway.
    https://docs.python.org/3/library/gc.html#gc.freeze
    """
    gc.collect()
    gc.freeze()
