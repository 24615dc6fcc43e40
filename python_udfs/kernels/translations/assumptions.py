"""What a translation had to assume; the position in a table is the code that kernels return."""

# in the order of conversions.options.RULE
ODDS_ASSUMPTIONS = (
    "logistic outcome: difference multiplied by pi / sqrt(3)",
    "normal outcome with a cut point (Cox): difference multiplied by 1.65",
)

CORRELATION_ASSUMPTIONS = (
    "group sizes as given",
    "groups of equal size",
)
SIZES_GIVEN, SIZES_EQUAL = range(2)

NORMAL_ASSUMPTIONS = ("outcome normal in both groups, with the same variance",)
NORMAL_OUTCOME = 0

# in the order of options.NNT_METHOD
NNT_ASSUMPTIONS = (
    "outcome normal with the same variance in both groups, response above a cut point that the "
    "control event rate gives, taken as known",
    "outcome normal with the same variance in both groups; success means the better of two people",
)

RISK_ASSUMPTIONS = (
    "outcome normal with the same variance in both groups, event above a cut point that the "
    "control event rate gives, taken as known",
)
NORMAL_CUT = 0

ODDS_NNT_ASSUMPTIONS = ("odds ratio the same at any risk; control event rate taken as known",)
CONSTANT_ODDS_RATIO = 0

# in the order of options.EFFECT
ABSOLUTE_ASSUMPTIONS = (
    "odds ratio the same at any risk; control event rate taken as known",
    "risk ratio the same at any risk; control event rate taken as known",
    "hazard ratio the same at any time and risk; control event rate taken as known",
    "risk difference the same at any risk; control event rate taken as known",
    "rate ratio the same at any rate; control event rate taken as known",
)

POINTS_ASSUMPTIONS = ("standard deviation of the instrument as given, taken as known",)
SD_KNOWN = 0
