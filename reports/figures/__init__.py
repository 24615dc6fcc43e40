"""The kinds of figures: a module for each, which holds all that the kind is.

Adding a module adds its kind; nothing else lists them.
"""

from importlib import import_module
from pkgutil import iter_modules

from reports.figure import FigureKind

KINDS: dict[str, FigureKind] = {
    found.name: import_module(f"{__name__}.{found.name}").KIND for found in iter_modules(__path__)
}
