"""The protocol that an extraction asks for, as rows of its sheets."""
