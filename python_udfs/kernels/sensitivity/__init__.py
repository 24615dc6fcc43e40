"""Sensitivity of a pooled effect: to each study, to their order, to subsets and to ceilings."""
