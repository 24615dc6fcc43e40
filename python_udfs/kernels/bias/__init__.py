"""Small-study effects: tests for them, and estimates that allow for them."""
