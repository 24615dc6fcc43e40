"""Kernels: pure functions over arrays, one topic per file.

A kernel takes NumPy arrays (one element, or one list, per SQL row) and returns one array per field
of the catalogue entry. It knows nothing of Arrow or DuckDB, keeps no state and does no I/O.
Missing numbers are NaN here and NULL in SQL.
"""
