"""The kinds of figures: a module for each, which holds all that the kind is.

Adding a module adds its kind; nothing else lists them.
"""

from importlib import import_module
from pkgutil import iter_modules

from reports.figure import FigureKind


def find_kinds() -> dict[str, FigureKind]:
    """The kind of each module of this package, by the module's name."""
    names = [found.name for found in iter_modules(__path__)]
    return {name: import_module(f"{__name__}.{name}").KIND for name in names}


KINDS = find_kinds()
