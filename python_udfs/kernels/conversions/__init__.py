"""Conversions of what papers print to effects and variances on the analysis scale."""
