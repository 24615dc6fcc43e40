"""Pooling of effects: tau2, the mean with its intervals, heterogeneity, subgroups."""
