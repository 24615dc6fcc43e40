"""Functions that say how far two raters agree."""

from python_udfs.catalogue.entry import Argument, Field, Udf, doubles, row_status
from python_udfs.kernels.agreement.options import AC1_OPTIONS, ICC_OPTIONS, KAPPA_OPTIONS

_RATINGS = (
    Argument("first", "VARCHAR[]", "codes of the first rater, one element per item"),
    Argument("second", "VARCHAR[]", "codes of the second rater, in the same order"),
)
_NUMBERS = (
    Argument("first", "DOUBLE[]", "numbers of the first rater, one element per item"),
    Argument("second", "DOUBLE[]", "numbers of the second rater, in the same order"),
)
_N = Field("n", "INTEGER", "count", "items that both raters rated")


def _options(description: str, options: tuple) -> Argument:
    return Argument("options", "STRUCT", description, options=options, is_optional=True)


def _coefficient(categories: str, expected: str, estimate: str, reasons: tuple[str, ...]):
    return (
        _N,
        Field("categories", "INTEGER", "count", categories),
        *row_status(*reasons, faults=("lengths_differ",)),
        *doubles(
            "fraction",
            observed="share of items on which the raters agree; NULL for no_data only",
            expected=expected,
        ),
        *doubles(
            "1",
            estimate=estimate,
            se="its standard error; 0 where the raters always agree",
            ci_low="lower limit, not below -1; NULL where se is 0",
            ci_high="upper limit, not above 1; NULL where se is 0",
        ),
    )


COHENS_KAPPA = Udf(
    name="cohens_kappa",
    arguments=(*_RATINGS, _options("ci_level. Default, also for NULL: 0.95", KAPPA_OPTIONS)),
    returns=_coefficient(
        "codes that a rater used",
        "agreement that the raters' own frequencies make likely",
        "kappa, unweighted",
        ("no_data", "no_variation"),
    ),
    description="Cohen's kappa: agreement of two raters on codes beyond chance",
    source="Cohen 1960; Fleiss, Cohen & Everitt 1969",
    kernel="agreement.kappa:cohens_kappa",
)

GWET_AC1 = Udf(
    name="gwet_ac1",
    arguments=(
        *_RATINGS,
        _options(
            "categories, the number of codes of the scale, a whole number; ci_level. "
            "Default, also for NULL: the codes that a rater used, 0.95",
            AC1_OPTIONS,
        ),
    ),
    returns=_coefficient(
        "codes of the scale, as given or as used",
        "agreement by chance alone as Gwet defines it",
        "AC1, unweighted",
        ("no_data", "too_few_items", "no_variation", "out_of_range"),
    ),
    description="Gwet's AC1: agreement of two raters on codes, steady when one code prevails",
    source="Gwet 2008",
    kernel="agreement.ac1:gwet_ac1",
)

ICC = Udf(
    name="icc",
    arguments=(
        *_NUMBERS,
        _options(
            "form A1 (absolute agreement, ICC(A,1) or ICC(2,1)), C1 (consistency, ICC(C,1) or "
            "ICC(3,1)), one_way (ICC(1,1)); ci_level. Default, also for NULL: A1, 0.95",
            ICC_OPTIONS,
        ),
    ),
    returns=(
        _N,
        *row_status("no_data", "too_few_items", "no_variation", faults=("lengths_differ",)),
        *doubles(
            "1",
            estimate="intraclass correlation of a single rater's numbers",
            ci_low="lower limit; NULL where the raters always agree",
            ci_high="upper limit; NULL where the raters always agree",
        ),
    ),
    description="Intraclass correlation of two raters' numbers",
    source="Shrout & Fleiss 1979; McGraw & Wong 1996",
    kernel="agreement.icc:icc",
)

AGREEMENT = (COHENS_KAPPA, GWET_AC1, ICC)
