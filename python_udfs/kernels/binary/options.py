"""Choices for binary outcomes."""

from python_udfs.kernels.options import CI_LEVEL, Choice

MEASURE = Choice("measure", ("OR", "RR", "RD", "AS", "PETO"))
OR, RR, RD, AS, PETO = range(5)

ZERO_CELLS = Choice("zero_cells", ("only0", "none", "all", "tacc"), default="only0")
ONLY0, NONE, ALL, TACC = range(4)

DOUBLE_ZERO = Choice("double_zero", ("keep", "drop"), default="keep")
KEEP, DROP = range(2)

TABLE_OPTIONS = (ZERO_CELLS, DOUBLE_ZERO)

# person-time has no total to share a correction by, so no tacc
EVENT_ZERO_CELLS = Choice("zero_cells", ZERO_CELLS.names[:TACC], default="only0")
PERSON_TIME_OPTIONS = (EVENT_ZERO_CELLS, DOUBLE_ZERO)

SE_SCALE = Choice("se_scale", ("log", "ratio"))
SE_OF_LOG, SE_OF_RATIO = range(2)

MH_MEASURE = Choice("measure", MEASURE.names[: RD + 1], default="OR")

CMH_CORRECTION = Choice("cmh_correction", ("half", "none"), default="half")
CMH_HALF, CMH_NONE = range(2)

MANTEL_HAENSZEL_OPTIONS = (MH_MEASURE, CMH_CORRECTION, CI_LEVEL)
PETO_OPTIONS = (CI_LEVEL,)
