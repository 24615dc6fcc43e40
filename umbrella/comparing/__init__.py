"""Two readers of the same papers: where they differ, how far they agree, and what on."""
