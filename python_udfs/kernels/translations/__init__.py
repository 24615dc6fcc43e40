"""A standardised mean difference said in other words: odds, correlation, overlap, NNT."""
