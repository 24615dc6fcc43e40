"""Choices of the functions for small-study effects."""

from math import inf, nan

from python_udfs.kernels.options import CI_LEVEL, Choice, Number
from python_udfs.kernels.pooling.options import CI_METHOD, TAU2_METHOD

FORM = Choice("form", ("lm", "random"), default="lm")
LM, RANDOM = range(2)

PREDICTOR = Choice("predictor", ("se", "vi"), default="se")
SE, VI = range(2)

WEIGHTS = Choice("weights", ("vi", "n"), default="vi")
BY_VI, BY_N = range(2)

SIDE = Choice("side", ("auto", "left", "right"), default="auto")
AUTO, LEFT, RIGHT = range(3)

ESTIMATOR = Choice("estimator", ("L0", "R0", "Q0"), default="L0")
L0, R0, Q0 = range(3)

DIRECTION = Choice("direction", ("auto", "positive", "negative"), default="auto")
TOWARDS_POOLED, POSITIVE, NEGATIVE = range(3)

PET_ALPHA = Number("pet_alpha", 0.0, 1.0, default=0.10)

ADJUSTMENT = Choice("adjustment", ("beta0", "betalim", "mulim"), default="beta0")
BETA0, BETALIM, MULIM = range(3)

ALTERNATIVE = Choice("alternative", ("two_sided", "greater", "less"), default="two_sided")
SELECTED_FOR = Choice("alternative", ("two_sided", "greater", "less"), default="greater")
TWO_SIDED, GREATER, LESS = range(3)

TAIL = Choice("alternative", ("greater", "less"), default="greater")
TAIL_GREATER, TAIL_LESS = range(2)

ALPHA = Number("alpha", 0.0, 1.0, default=0.05)
STEP = Number("step", 0.0, 1.0, default=0.025)

MEAN = Choice("orwin_mean", ("plain", "weighted"), default="plain")
PLAIN, WEIGHTED = range(2)
TARGET = Number("orwin_target", 0.0, inf, default=nan)

EGGER_OPTIONS = (FORM, PREDICTOR, CI_LEVEL)
EGGER_SMD_OPTIONS = (FORM, WEIGHTS, CI_LEVEL)
COUNT_TEST_OPTIONS = (CI_LEVEL,)
TRIM_AND_FILL_OPTIONS = (SIDE, ESTIMATOR, TAU2_METHOD, CI_METHOD, CI_LEVEL)
PET_PEESE_OPTIONS = (DIRECTION, PET_ALPHA, CI_LEVEL)
LIMIT_OPTIONS = (TAU2_METHOD, ADJUSTMENT, CI_LEVEL)
SELECTION_OPTIONS = (SELECTED_FOR, STEP, CI_LEVEL)
EXCESS_OPTIONS = (TAU2_METHOD, ALTERNATIVE, ALPHA)
P_UNIFORM_OPTIONS = (TAIL, ALPHA, CI_LEVEL)
FAIL_SAFE_OPTIONS = (ALPHA, MEAN, TARGET)

# labels of returned fields, by code
FILLED_SIDES = ("left", "right")
CHOSEN = ("PET", "PEESE")
P_METHODS = ("exact", "normal")
