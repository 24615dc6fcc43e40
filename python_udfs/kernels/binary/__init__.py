"""Binary outcomes: effects from 2x2 tables and reported ratios, Mantel-Haenszel and Peto."""
