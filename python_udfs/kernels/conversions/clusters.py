"""Cluster-randomised trials analysed as if people had been randomised.

Cochrane Handbook v6.5, 23.1.4: design effect = 1 + (mean cluster size - 1) ICC.
"""

import numpy as np

from python_udfs.kernels.conversions.inputs import status_of
from python_udfs.kernels.results import all_or_none


def n_from_cluster_trial(n, cluster_size, icc):
    """n / design effect; also for events. Returns n_effective, design_effect, status."""
    effect, possible = _design_effect(cluster_size, icc)
    status = status_of((n, cluster_size, icc), possible & (n >= 0.0))
    return all_or_none(status, n / effect, effect)


def se_from_cluster_trial(se, cluster_size, icc):
    """se sqrt(design effect). Returns se, design_effect, status."""
    effect, possible = _design_effect(cluster_size, icc)
    status = status_of((se, cluster_size, icc), possible & (se > 0.0))
    return all_or_none(status, se * np.sqrt(effect), effect)


def _design_effect(cluster_size, icc):
    possible = (cluster_size >= 1.0) & (icc >= 0.0) & (icc <= 1.0)
    return 1.0 + (cluster_size - 1.0) * icc, possible
