"""Running SQL for people: splitting input, running statements, writing results, the prompt."""
