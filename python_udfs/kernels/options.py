"""The named choices a caller can make, as tables from name to code.

A new choice is a name added to its table here, and one branch in the file that implements it.
"""

from typing import NamedTuple


class Choice(NamedTuple):
    """A closed list of names; the position in ``names`` is the code. ``default`` is None or one."""

    key: str
    names: tuple[str, ...]
    default: str | None = None


class Number(NamedTuple):
    """A number strictly between two bounds."""

    key: str
    low: float
    high: float
    default: float


TAU2_METHOD = Choice("tau2_method", ("REML", "DL", "PM", "CE"), default="REML")
REML, DL, PM, CE = range(4)

CI_METHOD = Choice("ci_method", ("z", "t", "HK", "HK_adhoc"), default="HK_adhoc")
CI_Z, CI_T, CI_HK, CI_HK_ADHOC = range(4)

PI_METHOD = Choice("pi_method", ("HTS", "V", "none"), default="V")
PI_HTS, PI_V, PI_NONE = range(3)

CI_LEVEL = Number("ci_level", 0.0, 1.0, default=0.95)

POOL_OPTIONS = (TAU2_METHOD, CI_METHOD, PI_METHOD, CI_LEVEL)

RULE = Choice("rule", ("hasselblad_hedges", "cox"))
HASSELBLAD_HEDGES, COX = range(2)

VARIANCE_FORM = Choice("variance_form", ("LS", "LS2", "UB", "H0"))
LS, LS2, UB, H0 = range(4)

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
    """ValueError when ``value`` does not lie strictly between the bounds."""
    if not option.low < value < option.high:
        raise ValueError(
            f"{option.key} must lie between {option.low:g} and {option.high:g}; got {value:g}"
        )
