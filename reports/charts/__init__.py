"""What pictures are made of: scales, layers, marks of intervals, tables with plots and of texts."""
