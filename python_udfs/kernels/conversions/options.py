"""Choices of the conversions."""

from python_udfs.kernels.options import Choice

RULE = Choice("rule", ("hasselblad_hedges", "cox"))
HASSELBLAD_HEDGES, COX = range(2)

VARIANCE_FORM = Choice("variance_form", ("LS", "LS2", "UB", "H0"))
LS, LS2, UB, H0 = range(4)
