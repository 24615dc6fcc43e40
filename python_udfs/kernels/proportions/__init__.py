"""Proportions of one group: single ones, and their pooling."""
