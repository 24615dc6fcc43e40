"""How often Python looks for memory that only circles of objects hold."""

import gc

THRESHOLDS = (50_000, 20, 100)


def collect_seldom() -> None:
    """Look through the objects a hundredth as often as Python does by itself.

    Parsers and compilers make millions of small objects that stay to the end; the search through
    them takes from a tenth to a third of their time and finds next to nothing.
    """
    gc.set_threshold(*THRESHOLDS)
