"""Choices of the conversions."""

import math

from python_udfs.kernels.options import Choice, Number

RULE = Choice("rule", ("hasselblad_hedges", "cox"))
HASSELBLAD_HEDGES, COX = range(2)

VARIANCE_FORM = Choice("variance_form", ("LS", "LS2", "UB", "H0", "AV", "RM"))
LS, LS2, UB, H0, AV, RM = range(6)

SMDH_VARIANCE_FORM = Choice("variance_form", ("LS", "LS_J2"))
SMDH_LS, SMDH_LS_J2 = range(2)

CORRECTION = Choice("correction", ("exact", "approximate", "none"), default="exact")
EXACT, APPROXIMATE, NO_CORRECTION = range(3)

MEAN_G = Number("mean_g", -math.inf, math.inf, default=math.nan)

SMD_OPTIONS = (CORRECTION, MEAN_G)
CORRECTION_OPTIONS = (CORRECTION,)

VARIANCES = Choice("variances", ("unequal", "equal"))
UNEQUAL, EQUAL = range(2)

ROM_CORRECTION = Choice("correction", ("second_order", "none"), default="second_order")
SECOND_ORDER, ROM_PLAIN = range(2)
ROM_VARIANCE_FORM = Choice("variance_form", ("LS", "second_order"), default="LS")
ROM_LS, ROM_SECOND_ORDER = range(2)
ROM_OPTIONS = (ROM_CORRECTION, ROM_VARIANCE_FORM)

CHANGE_VARIANCE_FORM = Choice("variance_form", ("LS", "LS2"))
CHANGE_LS, CHANGE_LS2 = range(2)

COR_CORRECTION = Choice("correction", ("none", "olkin_pratt"), default="none")
COR_PLAIN, OLKIN_PRATT = range(2)
COR_VARIANCE_FORM = Choice("variance_form", ("LS", "UB"), default="LS")
COR_LS, COR_UB = range(2)
COR_OPTIONS = (COR_CORRECTION, COR_VARIANCE_FORM)

RPB_VARIANCE_FORM = Choice("variance_form", ("LS", "CS"))
RPB_LS, RPB_CS = range(2)

SD_KIND = Choice("sd_kind", ("adjusted", "unadjusted"))
ADJUSTED, UNADJUSTED = range(2)

MEDIAN_METHOD = Choice("method", ("luo_shi", "wan"), default="luo_shi")
LUO_SHI, WAN = range(2)
MEDIAN_OPTIONS = (MEDIAN_METHOD,)

COUNT_MEASURE = Choice("measure", ("OR", "RR", "RD"))
OF_OR, OF_RR, OF_RD = range(3)

P_OPERATOR = Choice("p_operator", ("=", "<", "<=", ">", ">="))
P_EQUAL, P_LESS, P_AT_MOST, P_GREATER, P_AT_LEAST = range(5)

SCALE = Choice("scale", ("linear", "log"))
LINEAR, LOG = range(2)

WEIGHTING = Choice("weighting", ("equal", "gls"), default="equal")
WEIGHT_EQUAL, WEIGHT_GLS = range(2)
AGGREGATE_OPTIONS = (WEIGHTING,)
