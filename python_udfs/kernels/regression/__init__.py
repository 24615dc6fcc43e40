"""Linear models of effects: meta-regression, correlated and nested effects, Bayesian pooling."""
