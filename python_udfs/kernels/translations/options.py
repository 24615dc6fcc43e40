"""Choices of the translations."""

from python_udfs.kernels.options import Choice

NNT_METHOD = Choice("method", ("furukawa", "kraemer_kupfer"))
FURUKAWA, KRAEMER_KUPFER = range(2)

EVENT = Choice("event", ("desired", "undesired"))
DESIRED, UNDESIRED = range(2)
