"""Folders of files for other programs: whole or not there, and never over work of others."""
