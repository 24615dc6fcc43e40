"""Covariance of two effects of a trial that have a control group in common.

Gleser & Olkin 2009 (in Cooper, Hedges & Valentine), ch. 19: both effects contain the same estimate
of the control group, whose variance they share.
"""

import numpy as np

from python_udfs.kernels.conversions.inputs import status_of
from python_udfs.kernels.conversions.options import OF_OR, OF_RD, OF_RR
from python_udfs.kernels.labels import MISSING_INPUT
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.results import all_or_none


def cov_shared_control_smd(yi1, yi2, n_control, n_total):
    """1 / n_control + yi1 yi2 / (2 n_total). Returns covariance, status.

    ``n_total`` counts the people of all arms, whose SDs are pooled.
    """
    possible = (n_control >= 1.0) & (n_total > n_control)
    status = status_of((yi1, yi2, n_control, n_total), possible)
    return all_or_none(status, 1.0 / n_control + yi1 * yi2 / (2.0 * n_total))


def cov_shared_control_md(sd_control, n_control):
    """Of mean differences: sd_control^2 / n_control. Returns covariance, status."""
    status = status_of((sd_control, n_control), (sd_control > 0.0) & (n_control >= 1.0))
    return all_or_none(status, sd_control**2 / n_control)


def cov_shared_control_rom(m_control, sd_control, n_control):
    """Of log ratios of means: (sd / m)^2 / n of the control group. Returns covariance, status."""
    possible = (sd_control > 0.0) & (n_control >= 1.0) & (m_control != 0.0)
    status = status_of((m_control, sd_control, n_control), possible)
    return all_or_none(status, (sd_control / m_control) ** 2 / n_control)


def cov_shared_control_counts(events_control, n_control, measure):
    """Of log odds ratios, log risk ratios or risk differences. Returns covariance, status.

    OR: 1/x + 1/(n - x); RR: 1/x - 1/n; RD: p (1 - p) / n, p = x / n. A
    control group in which none or all have the event is out_of_range for the ratios.
    """
    x, n = events_control, n_control
    has_both = (x > 0.0) & (x < n)
    possible = (x >= 0.0) & (x <= n) & (n >= 1.0) & (has_both | (measure == OF_RD))
    status = status_of((x, n), possible)
    status = np.where(measure == NOT_GIVEN, MISSING_INPUT, status)
    covariance = np.select(
        [measure == OF_OR, measure == OF_RR, measure == OF_RD],
        [1.0 / x + 1.0 / (n - x), (n - x) / (n * x), x / n * (n - x) / n / n],
        np.nan,
    )
    return all_or_none(status, covariance)
