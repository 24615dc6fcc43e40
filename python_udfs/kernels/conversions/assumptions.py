"""What a conversion had to assume; the position in a table is the code that kernels return."""

# in the order of options.RULE
ODDS_ASSUMPTIONS = (
    "logistic outcome: log odds ratio divided by pi / sqrt(3)",
    "normal outcome with a cut point (Cox): log odds ratio divided by 1.65",
)

# in the order of options.VARIANCE_FORM, then the variance that needs no form
SMD_ASSUMPTIONS = (
    "variance form LS: 1/n1 + 1/n2 + g^2 / (2 N)",
    "variance form LS2: J^2 (1/n1 + 1/n2 + d^2 / (2 N))",
    "variance form UB: 1/n1 + 1/n2 + (1 - (m - 2) / (m J^2)) g^2",
    "variance form H0: J^2 (1/n1 + 1/n2) m / (m - 2)",
    "variance of d given: multiplied by J^2",
)
GIVEN_VARIANCE = 4
