"""What was published before: kept beside the warehouse, compared, and published again."""
