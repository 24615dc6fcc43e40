"""What a proportion had to assume; the position in a table is the code that kernels return."""

PROPORTION_ASSUMPTIONS = (
    "0.5 added to events and to non-events",
    "limits taken as symmetric on the logit scale",
)
HALF_ADDED, SYMMETRIC_LOGIT = range(2)

POOLED_ASSUMPTIONS = (
    "0.5 added to events and to non-events of studies with no or only events",
    "Freeman-Tukey: turned back at the harmonic mean of the totals, which can mislead when totals "
    "differ (Schwarzer and others 2019); prefer glmm or logit",
)
HALF_ADDED_SOMEWHERE, HARMONIC_MEAN = range(2)
