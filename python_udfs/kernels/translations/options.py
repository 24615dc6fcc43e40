"""Choices of the translations."""

from python_udfs.kernels.options import Choice

NNT_METHOD = Choice("method", ("furukawa", "kraemer_kupfer"))
FURUKAWA, KRAEMER_KUPFER = range(2)

EVENT = Choice("event", ("desired", "undesired"))
DESIRED, UNDESIRED = range(2)

EFFECT = Choice(
    "measure",
    ("odds_ratio", "risk_ratio", "hazard_ratio", "risk_difference", "incidence_rate_ratio"),
)
ODDS_RATIO, RISK_RATIO, HAZARD_RATIO, RISK_DIFFERENCE, INCIDENCE_RATE_RATIO = range(5)

HIGHER_IS = Choice("higher_is", ("better", "worse"))
BETTER, WORSE = range(2)
