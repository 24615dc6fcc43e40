"""`umbrella watch`: a preview of the review that follows each save."""
