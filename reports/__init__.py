"""Publication-grade figures and an offline site from the marts and reports of the warehouse."""
