"""Workbooks that the program writes: an empty one to fill in, and a checked copy of a team's."""
