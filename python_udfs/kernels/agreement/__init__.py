"""How far two raters, or two readings of the same sheet, agree."""
