"""Arguments and fields that the entries of conversions have in common."""

from python_udfs.catalogue.entry import (
    MISSING,
    Argument,
    Field,
    assumption,
    doubles,
    number,
    status,
)
from python_udfs.kernels.conversions.options import (
    CHANGE_VARIANCE_FORM,
    CORRECTION_OPTIONS,
    SMD_OPTIONS,
    VARIANCE_FORM,
)


def effect(unit: str, what: str, labels: tuple[str, ...]) -> tuple[Field, ...]:
    """yi, vi, status, assumption."""
    fields = doubles(unit, yi=what) + doubles(f"{unit} squared", vi="its sampling variance")
    return (*fields, status(*MISSING), assumption(labels))


def smd(what: str, labels: tuple[str, ...]) -> tuple[Field, ...]:
    """An effect in standard deviations."""
    return effect("standard deviations", what, labels)


def group(which: int) -> tuple[Argument, ...]:
    """Mean, SD and size of one of two groups."""
    return (
        number(f"m{which}", f"mean of group {which}"),
        number(f"sd{which}", f"standard deviation of group {which}, positive"),
        number(f"n{which}", f"size of group {which}"),
    )


TWO_GROUPS = (*group(1), *group(2))
SIZES = (number("n1", "size of group 1"), number("n2", "size of group 2"))

FORM = Argument("variance_form", "VARCHAR", "LS, LS2, UB, H0, AV or RM", choice=VARIANCE_FORM)
CHANGE_FORM = Argument("variance_form", "VARCHAR", "LS or LS2", choice=CHANGE_VARIANCE_FORM)

_J = "correction exact, approximate (1 - 3 / (4 m - 1)) or none (Cohen's d); default exact"
SMD_CHOICES = Argument(
    "options",
    "STRUCT",
    f"{_J}; mean_g, needed by AV: the mean of g over the meta-analysis, weighted by n1 + n2",
    options=SMD_OPTIONS,
    is_optional=True,
)
CORRECTION_CHOICE = Argument("options", "STRUCT", _J, options=CORRECTION_OPTIONS, is_optional=True)

R_PRE_POST = number("r", "correlation of the measurements before and after")
SIGN = number("sign", "any number with the sign of group 1 minus group 2; its size is not used")
