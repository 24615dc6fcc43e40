"""Named choices a caller can make: tables from name to code, and the checks of what was given.

Each topic keeps its tables in its own ``options.py``. A new choice is a name added at the end of
its table, and one branch in the file that implements it.
"""

from typing import NamedTuple


class Choice(NamedTuple):
    """A closed list of names; the position in ``names`` is the code. ``default`` is None or one."""

    key: str
    names: tuple[str, ...]
    default: str | None = None


class Number(NamedTuple):
    """A number strictly between two bounds, and a whole one if ``is_whole``.

    A ``default`` of NaN leaves the choice to the kernel.
    """

    key: str
    low: float
    high: float
    default: float
    is_whole: bool = False


CI_LEVEL = Number("ci_level", 0.0, 1.0, default=0.95)

NOT_GIVEN = -1


def code(choice: Choice, name: str) -> int:
    """Code of ``name``; ValueError listing the valid names when there is no such choice."""
    if name not in choice.names:
        raise ValueError(f"unknown {choice.key} {name!r}; valid: {', '.join(choice.names)}")
    return choice.names.index(name)


def check_keys(given: list[str], options: tuple) -> None:
    """ValueError listing the valid keys when one of ``given`` is not among ``options``."""
    valid = [option.key for option in options]
    for key in given:
        if key not in valid:
            raise ValueError(f"unknown option {key!r}; valid: {', '.join(valid)}")


def check_number(option: Number, value: float) -> None:
    """ValueError when ``value`` does not lie strictly between the bounds, or is not whole."""
    if not option.low < value < option.high:
        raise ValueError(
            f"{option.key} must lie between {option.low:g} and {option.high:g}; got {value:g}"
        )
    if option.is_whole and value != round(value):
        raise ValueError(f"{option.key} must be a whole number; got {value:g}")
