"""A pack for a manuscript: methods, tables and references in Word, figures, and a check in R."""
