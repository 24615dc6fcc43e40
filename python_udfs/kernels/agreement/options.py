"""Choices of the agreement coefficients."""

from math import inf, nan

from python_udfs.kernels.options import CI_LEVEL, Choice, Number

CATEGORIES = Number("categories", 0.0, inf, default=nan, is_whole=True)

FORM = Choice("form", ("A1", "C1", "one_way"), default="A1")
AGREEMENT, CONSISTENCY, ONE_WAY = range(3)

KAPPA_OPTIONS = (CI_LEVEL,)
AC1_OPTIONS = (CATEGORIES, CI_LEVEL)
ICC_OPTIONS = (FORM, CI_LEVEL)
