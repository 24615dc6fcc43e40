"""What a binary effect had to assume; the position in a table is the code that kernels return."""

_CORRECTIONS = (
    "0.5 added to every cell of the table, which has a 0",
    "0.5 added to every cell of the table",
    "n / N of each arm added to its cells of the table, which has a 0",
)
_REST = "; no or only events in both arms: the effect rests on the correction"

# a correction, the same in a table with no or only events in both arms, such a table uncorrected
TABLE_ASSUMPTIONS = (
    *_CORRECTIONS,
    *(text + _REST for text in _CORRECTIONS),
    "no or only events in both arms",
)
HALF_WHERE_ZERO, HALF_EVERYWHERE, ARM_SHARE = range(3)
RESTS_ON_CORRECTION = len(_CORRECTIONS)  # added to the code of a correction
DOUBLE_ZERO_UNCORRECTED = 2 * len(_CORRECTIONS)

_EVENTS = ("0.5 added to both counts of events, one of which is 0", "0.5 added to both counts")
PERSON_TIME_ASSUMPTIONS = (
    *_EVENTS,
    *(text + "; no events in both arms: the effect rests on the correction" for text in _EVENTS),
)
EVENTS_REST_ON_CORRECTION = len(_EVENTS)

RATE_ASSUMPTIONS = ("0.5 added to the events, of which there are none",)
HALF_ADDED_TO_RATE = 0

RATIO_ASSUMPTIONS = (
    "limits taken as symmetric on the log scale",
    "standard error is that of the logarithm",
    "standard error of the ratio divided by the ratio (delta method)",
    "two-sided p taken as that of the z test on the log scale",
)
SYMMETRIC_LOG, SE_IS_OF_LOG, DELTA_METHOD, P_OF_Z_TEST = range(4)

BASELINE_ASSUMPTIONS = (
    "baseline risk taken as known; limits transformed, symmetric on the log scale",
    "baseline risk taken as known",
    "common outcome: RR = (1 - 0.5^sqrt(HR)) / (1 - 0.5^sqrt(1/HR))",
)
KNOWN_RISK, KNOWN_RISK_POINT, COMMON_OUTCOME = range(3)

RECONSTRUCTION_ASSUMPTIONS = (
    "the only table with these margins whose odds ratio rounds to the printed one",
    "the only such table; its odds ratio taken to be printed with 0.5 added to every cell",
)
PRINTED_PLAIN, PRINTED_CORRECTED = range(2)
