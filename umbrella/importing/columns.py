"""What the columns of a table hold, by their names: as people head the tables of papers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from umbrella.importing.cells import plain, tidy
from umbrella.importing.languages import IN_NAMES
from umbrella.sheets.numerals import OPERATORS, Numerals
from umbrella.sheets.units import person_time_in

MEASURES = {
    "odds_ratio": ("or", "odds", "odds ratio", "aor", "adjusted odds ratio", "eor", "sor"),
    "risk_ratio": (
        "rr", "risk", "risk ratio", "relative risk", "arr", "srr", "summary relative risk", "err",
    ),
    "hazard_ratio": ("hr", "hazard", "hazards", "hazard ratio", "ahr", "shr", "ehr"),
    "incidence_rate_ratio": ("irr", "rate ratio", "incidence rate ratio"),
    "log_odds_ratio": ("logor", "log or", "ln or"),
    "log_risk_ratio": ("logrr", "log rr", "ln rr"),
    "log_hazard_ratio": ("loghr", "log hr", "ln hr"),
    "log_incidence_rate_ratio": ("logirr", "log irr", "ln irr", "log rate ratio"),
    "smd": ("standardised mean difference", "standardized mean difference"),
    "hedges_g": ("g", "hedges g"),
    "cohens_d": ("d", "cohens d", "cohen d"),
    "mean_difference": ("md", "wmd", "mean difference", "weighted mean difference"),
    "ratio_of_means": ("rom",),
    "risk_difference": ("rd",),
    "correlation": ("r", "pearsons r", "correlation coefficient"),
    "incidence_rate": (
        "incidence rate", "incidence", "incidence density", "ir", "event rate", "rate",
        "incidence density rate", "rate of events", "mortality rate", "new cases",
    ),
    "proportion": (
        "prevalence", "percentage", "percent", "share", "pooled prevalence", "point prevalence",
    ),
}  # fmt: skip
"""Words that tables write for measures, beside the codes themselves."""

INTERVENTIONS = (
    "intervention", "interventions", "treatment", "treatments", "therapy", "drug", "drugs",
    "medication", "drug class", "class of drug", "type of intervention",
)  # fmt: skip
"""Names of columns whose rows are each about an intervention."""

DISEASES = ("disease", "diseases", "disorder", "diagnosis", "illness")
"""Names of the condition; beside a column of exposures or interventions, of the outcome."""

ENDINGS = (
    "factor", "factors", "exposure", "exposures", "biomarker", "intervention", "outcome",
    "endpoint",
)  # fmt: skip
"""Words that say what a column holds, whatever stands before them."""

COLUMNS = {
    "meta_analysis": (
        "paper", "review", "study", "author", "authors", "reference", "references", "ref", "source",
        "first author", "author year", "first author year", "citation", "systematic review",
        "study id", "review id", "author year ref", "author ref", "author year reference",
        "ma reference", "source year", "study year", "included meta analysis",
    ),
    "condition": (
        "exposure", "exposures", "risk factor", "risk factors", "factor", "predictor",
        "determinant", "correlate", "biomarker", "topic", "subject", "factor investigated",
        "exposure variable", "exposure category", *INTERVENTIONS, *DISEASES,
    ),
    "outcome": (
        "outcomes", "endpoint", "end point", "health outcome", "health outcomes", "outcome measure",
        "outcome name", "adverse event", "adverse events", "adverse effect", "side effect", "harm",
        "cancer site", "cancer type", "type of cancer", "cancer", "outcome of interest",
        "outcome assessed", "outcomes assessed", "outcome disease",
    ),
    "subtype": (
        "subgroup", "population", "study population", "sex", "country", "region", "setting",
        "age group",
    ),
    "comparison": (
        "level of comparison", "exposure contrast", "contrast", "comparison", "comparator",
        "comparisons", "exposure level", "dose", "unit of comparison", "exposure comparison",
        "reference group",
    ),
    "year": ("publication year", "pub year", "year of publication", "year published"),
    "measure": (
        "effect measure", "metric", "effect size type", "measure type", "effect metric",
        "type of metric", "effect size metric", "type of effect size", "summary measure",
        "effect measure type", "effect size measure",
    ),
    "measure_unit": (
        "unit", "units", "measurement unit", "units of measurement", "unit of measure",
        "unit of effect",
    ),
    "estimate": (
        "effect", "effect size", "es", "value", "pooled effect", "point estimate",
        "effect estimate", "summary effect size", "summary estimate", "summary effect",
        "pooled effect size", "summary", "association", "measure effect size",
        "equivalent odds ratio",
    ),
    "interval": ("ci", "confidence interval", "confidence limits"),
    "ci_low": ("ci lo", "ci lower", "lower ci", "lower", "lci", "lcl", "ll", "low", "ci l",
               "lower limit"),
    "ci_high": ("ci hi", "ci up", "ci upper", "upper ci", "upper", "uci", "ucl", "ul", "high",
                "upper limit"),
    "se": ("standard error", *(
        f"{se} {of}log {ratio}" for se in ("se", "standard error") for of in ("", "of ")
        for ratio in ("or", "rr", "hr", "irr")
    )),
    "sd": ("standard deviation", "pooled sd"),
    "p_value": ("p", "pvalue", "p val", "pval", "p effect", "p model"),
    "n_comparisons": (
        "number of studies", "studies", "k", "datasets", "estimates", "cohorts", "trials",
        "primary studies", "study estimates", "effect sizes", "number of comparisons",
        "no of comparisons", "n comparisons", "k studies", "k trials",
    ),
    "n_total": (
        "number of participants", "participants", "sample size", "n", "total n", "subjects",
        "total", "total participants", "sample", "total sample size", "total population",
        "population size", "tot",
    ),
    "n_cases": ("cases", "case", "total cases", "events"),
    "person_time": (
        "person years", "patient years", "person months", "person days", "py", "pys", "person time",
        "follow up person years", "person years of follow up", "person years at risk",
    ),
    "n_controls": ("controls", "non cases", "noncases"),
    "n_intervention": ("intervention n", "exposed n", "n exposed", "n treated", "treated n"),
    "n_control": ("control n", "unexposed n", "n unexposed"),
    "i2": ("i squared", "i 2", "isquared", "heterogeneity i2", "i2 index", "i2 statistic",
           "i2 fraction", "i2 percent", "i square", "i sq"),
    "tau2": ("tau squared", "t2", "tau 2", "tau sq", "tau square", "\u03c42"),
    "q": ("cochran q", "cochrans q", "q statistic"),
    "synthesis_model": (
        "model", "model type", "effects model", "pooling model", "model of pooling",
    ),
    "prediction": ("prediction interval", "pi", "predictive interval", "pred int"),
    "pi_low": (),
    "pi_high": (),
    "egger": (
        "egger_p", "egger", "eggers p", "p egger", "eggers", "egger test", "eggers test",
        "egger p value", "eggers p value", "egger test p", "egger test p value", "p for egger",
        "eggers test p value", "small study effects", "small study effect", "sse",
        "small study bias", "publication bias", "egger regression p", "eggers regression p value",
    ),
    "excess": (
        "excess_significance_p", "excess significance", "p excess significance", "esb",
        "excess significance bias", "excess significance test", "excess of significance",
        "excess significance p value", "p for excess significance", "test of excess significance",
        "excess significance test p value", "p esb", "tes", "p tes", "p excess", "excess sig",
    ),
    "n_significant": ("observed", "o", "observed positive", "significant"),
    "n_significant_expected": ("expected", "e", "expected positive"),
    "largest": (
        "largest_estimate", "largest study", "largest study effect", "largest study effect size",
        "effect of largest study", "largest study estimate", "largest trial",
        "effect size of largest study", "effect size of the largest study",
    ),
    "largest_interval": ("largest study ci", "largest study confidence interval"),
    "largest_ci_low": (),
    "largest_ci_high": (),
    "largest_significant": (),
    "printed_class": (
        "class", "evidence class", "class of evidence", "level of evidence", "evidence level",
        "strength of evidence", "strength of the evidence", "evidence strength", "credibility",
        "credibility of evidence", "credibility of the evidence", "credibility class", "ce",
        "evidence grade", "classification", "evidence classification", "evidence category",
        "ioannidis class", "strength", "evidence rating", "coe",
    ),
    "certainty": (
        "grade", "grade rating", "grade certainty", "certainty", "certainty of evidence",
        "certainty of the evidence", "certainty grade", "quality of evidence",
        "quality of the evidence", "grade quality", "grade level",
    ),
    "events_intervention": (),
    "events_control": (),
    "largest_p": (),
    "events": (),
    "arm_intervention": (),
    "arm_control": (),
}  # fmt: skip
"""What a column can hold, with other names under which tables have it."""

OTHER_P = r"\bheterogeneity\b|\bbias\b|\bquality\b|\bsubgroups?\b|\bsensitivity\b"
"""Names that span columns of which one may be a P, which is not that of the effect."""

OF_CLASSES = {
    "class", "classes", "evidence", "level", "strength", "credibility", "grading", "classification",
    "category", "rating", "assessment", "criteria", "ioannidis",
}  # fmt: skip
"""Words of which names of columns with classes of evidence are made."""

SIDES = {
    "low": ("lower", "low", "lo", "lb", "ll", "lcl", "lci", "l"),
    "high": ("upper", "high", "hi", "up", "ub", "ul", "ucl", "uci", "u"),
}
"""Words for the limits of an interval."""

OF_LIMITS = {"ci", "ki", "confidence", "interval", "limit", "bound", "95", "level"}
OF_BOTH_LIMITS = {*SIDES["low"], *SIDES["high"], *OF_LIMITS, "to", "and"}
OF_EFFECTS = {
    "es", "effect", "size", "estimate", "random", "effects", "pooled", "summary", "or", "rr", "hr",
    "irr", "md", "smd", "re", "fe", "fixed",
}  # fmt: skip

NOISE = {
    "of", "the", "for", "in", "a", "and", "n", "no", "nr", "number", "numbers", "num", "name",
    "label", "per", "test", "value", "values",
}  # fmt: skip
"""Words without which two names are the same."""

SYNONYMS = {plain(word): ours for ours, words in COLUMNS.items() for word in (ours, *words)}
MEASURE_OF = {plain(word): code for code, words in MEASURES.items() for word in (code, *words)}

PAIRS = {
    ("n", "n"): ("events", "n_total"), ("events", "total"): ("events", "n_total"),
    ("events", "n"): ("events", "n_total"), ("o", "e"): ("n_significant", "n_significant_expected"),
    ("cases", "total"): ("n_cases", "n_total"), ("cases", "n"): ("n_cases", "n_total"),
    ("cases", "population"): ("n_cases", "n_total"),
    ("observed", "expected"): ("n_significant", "n_significant_expected"),
}  # fmt: skip
"""Pairs of counts whose halves mean another thing together."""

COUNTED = (
    "n_comparisons", "n_total", "n_cases", "n_controls", "n_significant", "events", "person_time",
)  # fmt: skip
"""What can stand beside another count in one cell."""

ARMS = {
    "intervention": r"interventions?|treatment|treated|experimental|drug|active|exposed|t",
    "control": r"control|placebo|comparator|comparison|unexposed|c",
}
"""How the names of columns call the two arms."""

PARTS_OF_ARM = {
    **dict.fromkeys(("events", "event", "cases", "deaths"), "events"),
    **dict.fromkeys(("n", "total", "participants", "patients", "people", "size", "sample"), "n"),
}

HOW_ESTIMATED = re.compile(
    r"\b((un)?adjusted|crude|pooled|summary|overall|multivaria(ble|te)|univaria(ble|te)|random|fixed|re|fe"
    r"|effects?|peto|mantel haenszel|mh)\b ?"
)
"""Words beside the name of a measure that say how it was estimated."""

FILLER = re.compile(
    r"\b(random effects?|fixed effects?|random|fixed|re|fe|meta analysis|meta analytic|mean effect"
    r"|pooled|summary|overall|included|number of|no of|nr of|n of|num of|numbers? of"
    r"|total number of|the|values?)\b"
)
CONFIDENCE = re.compile(
    r"\b(?:\d\d )?(ci|cis|ki|konfidenzintervall|confidence intervals?|cri|credible intervals?)"
    r"(?: \d\d)?\b"
)
LOGARITHM = re.compile(r"\b(?:ln|log)\s*(?:of\s+)?\(?\s*([A-Za-z]+)\b(?:\s*\))?", re.IGNORECASE)
BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
CRITERION = re.compile(
    r"(?P<name>.*?)\s*(?P<operator><=|>=|[<>\u2264\u2265])\s*"
    r"(?P<number>\d[\d,. ]*(?:e-?\d+)?|\d*\.?\d*\s*(?:[x\u00d7]\s*)?10\s*\^?\s*-\d+)\s*%?"
    r"\s*(?P<noun>[a-zA-Z ]*)", re.IGNORECASE,
)  # fmt: skip


MULTIPLES = {
    "1000": r"\b(thousands?|thsd|tsd|tausend|milliers|miles|000s)\b|[x\u00d7*]\s*1[ ,.]?000\b",
    "1000000": r"\b(millions?|mio|millionen|millones)\b",
}
"""What the numbers of a column are to be multiplied by, by words of its name."""

IN_BRACKETS = "in brackets"
"""The unit of an outcome whose column says that its cells end in one."""


@dataclass(frozen=True)
class Role:
    """What a column holds: one thing, or two counts; the measure that its name says.

    A criterion is a name such as "Cases > 1000": operator and number of what yes means.
    `deviation` is what stands in brackets behind an estimate, where the name says it. `times` is
    what the numbers of the column are multiplied by.
    """

    holds: tuple[str, ...]
    measure: str = ""
    criterion: tuple[str, str] | None = None
    includes: bool = False
    unit: str = ""
    deviation: str = ""
    times: str = ""


def role_of(name: str) -> Role | None:
    """What a column of this name holds, as far as names tell."""
    return next((role for role in _roles(name) if role), None)


def _roles(name: str) -> Iterator[Role | None]:
    text = english(name)
    yield _criterion(text)
    yield _per_time(text)
    yield _exact(plain(text))
    yield _pair(text)
    yield _bias(plain(text))
    yield _arm(plain(text))
    yield _counts_of_arm(text)
    yield _significant(plain(text))
    yield _limit(_parted(text))
    yield _interval(text)
    yield _prediction(_parted(text))
    yield _largest(text)
    yield _with_brackets(text)
    yield _with_unit(text)
    yield _exact(_core(plain(text)))
    yield _class_of_evidence(plain(text))
    yield _ending(plain(text))
    yield _same_words(_parted(text))
    yield _in_multiples(text)


def times_of(name: str) -> str:
    """What the counts of a column are multiplied by, as in "N (thousands)"; empty for one."""
    text = tidy(name).lower()
    return next((times for times, words in MULTIPLES.items() if re.search(words, text)), "")


def words_of(name: str) -> str:
    """A name as plain English words, as far as they are known."""
    return plain(english(name))


def english(name: str) -> str:
    """A name in English words, as far as they are known; "ln(OR)" is a log OR."""
    return LOGARITHM.sub(r"log \1", tidy(IN_NAMES.translated(name)))


def measure_of(word: str) -> str:
    """The code of the measure that a word names; empty where none is known, or several are."""
    names = [plain(word), words_of(word), words_of(BRACKETS.sub(" ", word))]
    names += [words_of(a or b) for a, b in BRACKETS.findall(word)]
    if measure := MEASURE_OF.get(names[0]) or MEASURE_OF.get(names[1]):
        return measure
    found = {MEASURE_OF.get(HOW_ESTIMATED.sub("", name), "") for name in names} - {""}
    return found.pop() if len(found) == 1 else ""


def code_of_measure(said: str) -> str:
    """The code that a caller means by a code or by a word such as RR; any other text as it is."""
    return measure_of(said) or said


def _in_multiples(text: str) -> Role | None:
    """Counts whose name says that they are in thousands, as in "Participants in thousands"."""
    for words in MULTIPLES.values():
        said = rf"[\s,(]*(in\s+)?({words})[.)\s]*"
        rest, n_found = re.subn(said, " ", text, flags=re.IGNORECASE)
        if n_found:
            core = _core(plain(rest))
            role = _exact(plain(rest)) or _exact(core)
            return role if role and role.holds[0] in COUNTED else None
    return None


def _parted(text: str) -> str:
    """A name as plain words, parted where letters meet digits or a capital, as in "LowerCI95"."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z]{2})|(?<=[A-Za-z])(?=\d\d)|(?<=\d\d)(?=[A-Z])", " ", text)
    return plain(parted)


def _same_words(words: str) -> Role | None:
    """A name of the words of a known one in any order, as in "cases_n", "es_type"."""
    ours = WORDS.get(_words(words))
    if ours == "measure" and CONFIDENCE.search(words):
        return Role(("estimate",))
    return Role((ours,)) if ours else None


def _words(name: str) -> frozenset[str]:
    short = re.sub(r"\beffect sizes?\b", "es", FILLER.sub(" ", name))
    return frozenset(CONFIDENCE.sub(" ", short).split()) - NOISE


def _class_of_evidence(words: str) -> Role | None:
    """A name made of words such as class, level, credibility, evidence, whichever there are."""
    found = set(words.split()) - NOISE
    says = found & {"class", "evidence", "credibility"}
    return Role(("printed_class",)) if says and found <= OF_CLASSES else None


def _significant(words: str) -> Role | None:
    """Studies that are significant by themselves, found or expected."""
    if not re.search(r"\b(studies|trials|datasets|cohorts)\b|\bn sig\b", words):
        return None
    if not re.search(r"\bsig(nificant|nificantly)?\b|\bpositive\b|\bp 0 05\b", words):
        return None
    kinds = [kind for kind in ("observed", "expected") if re.search(rf"\b{kind}\b", words)]
    kinds = ["observed", "expected"] if re.search(r"\bo e\b", words) else kinds or ["observed"]
    return Role(tuple(SYNONYMS[kind] for kind in kinds))


def _limit(words: str) -> Role | None:
    """One limit of the interval of the effect, of the prediction or of the largest study."""
    found = words.split()
    sides = [side for side, names in SIDES.items() if set(found) & set(names)]
    is_of_both = len(sides) == len(SIDES) and set(found) <= OF_BOTH_LIMITS
    if is_of_both:
        return Role(("interval",))
    if len(sides) != 1:
        return None
    [side] = sides
    rest = {word for word in found if word not in SIDES[side]}
    if not rest and max(map(len, found)) < 2:
        return None
    rest -= OF_LIMITS
    if rest & {"largest", "ls"}:
        is_only = rest <= OF_EFFECTS | {"largest", "ls", "study", "of", "the"}
        return Role((f"largest_ci_{side}",)) if is_only else None
    if rest & {"pi", "prediction", "predictive"}:
        return Role((f"pi_{side}",))
    return Role((f"ci_{side}",)) if rest <= OF_EFFECTS else None


def _ending(words: str) -> Role | None:
    """A name that ends in what it is, as in "Dietary factor", "Primary outcome"."""
    last = words.split()[-1:]
    is_short = len(words.split()) <= 3
    return _exact(last[0]) if is_short and last and last[0] in ENDINGS else None


def qualified(upper: str, lower: str) -> str:
    """The name of a column below a name that spans several; the lower alone where it is enough.

    It is not where the upper one says of what: "Largest study" above "ES (95% CI)",
    "Heterogeneity" above "P".
    """
    both = f"{upper} {lower}".strip()
    alone, together = role_of(lower), role_of(both)
    if alone is None or (together and together.holds != alone.holds and role_of(upper)):
        return both
    is_other_p = alone.holds == ("p_value",) and re.search(OTHER_P, words_of(upper))
    return both if is_other_p and together is None else lower


def measure_in(name: str) -> str:
    """The measure whose abbreviation stands in a name, as in "HR for survival"; empty for two."""
    name = english(name)
    logs = {measure_of(found[0]) for found in re.finditer(r"\blog [A-Z]+", name)} - {""}
    if logs:
        return logs.pop() if len(logs) == 1 else ""
    words = re.findall(r"[A-Z]*[A-Z][A-Za-z]*[A-Z]", name)
    found = {MEASURE_OF[plain(word)] for word in words if plain(word) in MEASURE_OF}
    return found.pop() if len(found) == 1 else ""


def _exact(words: str) -> Role | None:
    if words in SYNONYMS:
        return Role((SYNONYMS[words],))
    if words in MEASURE_OF and words not in ("odds", "risk", "hazard", "share", "rate"):
        return Role(("estimate",), MEASURE_OF[words])
    return None


def _core(words: str) -> str:
    """A name without what says how: "95 CI", "summary", "random effects", "number of"."""
    core = FILLER.sub(" ", CONFIDENCE.sub(" ", words))
    core = re.sub(r"\bheterogeneity (?=(i2|tau|\u03c4|q)\b|\u03c4)", "", " ".join(core.split()))
    return re.sub(r"^(n|no|number|95) (?=\w)", "", core)


def _pair(text: str) -> Role | None:
    """Two counts in one column: "Cases/participants", "Studies (participants)", "Cases, total"."""
    halves = re.fullmatch(r"(.+?)\s*(?:/|\(|,\s)\s*(.+?)\)?", text)
    if not halves:
        return None
    cores = tuple(_core(plain(half)) or plain(half) for half in halves.groups())
    if cores[1] in ("n", "k") and cores[0] not in ("n", "k") and "/" not in text:
        return None  # "Studies (n)": in brackets stands what is counted, not a second number
    if cores in PAIRS:
        return Role(PAIRS[cores])
    held = tuple(SYNONYMS.get(core, "") for core in cores)
    known = (*COUNTED, "n_significant_expected", "egger", "excess")
    return Role(held) if all(one in known for one in held) and held[0] != held[1] else None


def _arm(words: str) -> Role | None:
    """Mean and standard deviation of one arm, as in "Control: mean (SD)"."""
    if not re.search(r"\bmean\b", words) or not re.search(r"\bsd\b|\bstandard dev", words):
        return None
    if re.search(r"\b(control|unexposed|comparison|placebo)\b", words):
        return Role(("arm_control",))
    named = re.search(r"\b(intervention|exposed|treated|treatment|experimental)\b", words)
    return Role(("arm_intervention",)) if named else None


def _counts_of_arm(text: str) -> Role | None:
    """Events or people of one arm, or both in one cell, as in "Events (placebo)", "Drug n/N"."""
    words = plain(text)
    sides = [arm for arm, names in ARMS.items() if re.search(rf"\b({names})\b", words)]
    if len(sides) != 1:
        return None
    [arm] = sides
    rest = re.sub(rf"\b({ARMS[arm]}|group|arm|in|of|with|among|the)\b", " ", FILLER.sub(" ", words))
    kinds = {PARTS_OF_ARM.get(word, "") for word in rest.split()}
    if not kinds or "" in kinds:
        return None
    if re.search(r"\w\s*/\s*\w", text):
        return Role((f"events_{arm}", f"n_{arm}"))
    return Role((f"{'events' if 'events' in kinds else 'n'}_{arm}",))


def _bias(words: str) -> Role | None:
    """A test of small-study effects or of excess significance, however it is called."""
    egger = re.search(r"\begger|\bsmall study\b|\bsse\b", words)
    excess = re.search(r"\bexcess\b.*\bsig(nifican|\b)|\besb\b", words)
    if bool(egger) == bool(excess):
        return None
    return Role(("egger" if egger else "excess",))


def _interval(text: str) -> Role | None:
    words = plain(text)
    if not CONFIDENCE.search(words):
        return None
    rest = _core(words)
    if not rest:
        is_alone = is_of_interval(text) or not plain(BRACKETS.sub(" ", text))
        return Role(("interval" if is_alone else "estimate",))
    return None


def _prediction(words: str) -> Role | None:
    core = _core(words)
    if not re.search(r"\bpredicti(on|ve)\b|\bpi\b", core):
        return None
    return Role(("prediction",), includes=bool(re.search(r"\b(includ|contain|cross)\w*", core)))


def _largest(text: str) -> Role | None:
    words = plain(text)
    if not re.search(r"\blargest\b|\bls\b", words):
        return None
    if re.search(r"\b(cases|participants|people|sample|population|year|weight|author)\b", words):
        return None
    if re.search(r"\bsignifican|\bexclud|\bsig\b|\bp 0 05\b", words):
        return Role(("largest_significant",))
    if re.search(r"\bp\b", _core(words)):
        return Role(("largest_p",))
    return Role(("largest_interval" if is_of_interval(text) else "largest",))


def _with_brackets(text: str) -> Role | None:
    """A name that ends in brackets, which hold a unit, what the interval is, or a deviation."""
    found = [a or b for a, b in BRACKETS.findall(text)]
    named = [one for one in found if not CONFIDENCE.fullmatch(plain(one))]
    inside = " ".join(named or found)
    outside = plain(BRACKETS.sub(" ", text))
    role = _exact(outside) or _exact(_core(outside)) or _with_unit(BRACKETS.sub(" ", text))
    if not inside or not role:
        return None
    words = plain(inside)
    if CONFIDENCE.search(words) and role.holds == ("n_comparisons",):
        return Role(("estimate",))
    if CONFIDENCE.search(words) or inside.strip() == "%":
        return role
    if role.holds == ("outcome",) and words in ("unit", "units"):
        return Role(role.holds, unit=IN_BRACKETS)
    if role.holds == ("estimate",):
        if words in ("se", "sd", "standard error", "standard deviation"):
            deviation = "se" if words in ("se", "standard error") else "sd"
            return Role(role.holds, role.measure, deviation=deviation)
        return Role(role.holds, role.measure, unit=inside.strip())
    return role


def _with_unit(text: str) -> Role | None:
    """The name of a measure with its unit behind a comma or "in", as in "Mean difference, mmHg"."""
    found = re.fullmatch(r"\s*(.+?)(?:\s*,|\s+in)\s+([^,]+?)\s*", text)
    role = _exact(plain(found[1])) or _exact(_core(plain(found[1]))) if found else None
    has_unit = role and role.measure == "mean_difference"
    return Role(role.holds, role.measure, unit=found[2]) if has_unit else None


def _per_time(text: str) -> Role | None:
    """Rates per person-time, as in "Incidence per 1000 PY (95% CI)"; person-time itself."""
    amount, rest = person_time_in(text)
    words = plain(rest.replace("()", " "))
    core = _core(words)
    if not amount or re.search(r"\b(ratio|difference|irr)\b", words):
        return None
    if core in SYNONYMS and SYNONYMS[core] in ("n_cases", "events") and "/" in text:
        return Role(("events", "person_time"), unit=amount)
    if not words or core in ("total", "follow up", "of follow up", "at risk"):
        return Role(("person_time",), unit=amount)
    is_rate = re.search(r"\b(rates?|incidence|events?|cases|density|deaths)\b", words)
    return Role(("estimate",), "incidence_rate", unit=amount) if is_rate else None


def _criterion(text: str) -> Role | None:
    """A threshold as a name: its cells say yes or no."""
    found = CRITERION.fullmatch(text)
    if not found:
        return None
    name = found["name"] or found["noun"]
    core = _core(plain(name))
    held = SYNONYMS.get(core) or SYNONYMS.get(plain(name), "")
    if held not in ("n_cases", "n_total", "i2", "p_value", "egger", "excess"):
        return None
    number = Numerals().read("", found["number"].strip(), is_whole=held in COUNTED).text
    if not number:
        return None
    operator = OPERATORS.get(found["operator"], found["operator"])
    return Role((held,), criterion=(operator, number))


def is_of_interval(name: str) -> bool:
    """Whether a name speaks of a confidence interval outside of brackets."""
    return bool(CONFIDENCE.search(plain(BRACKETS.sub(" ", name))))


WORDS = {_words(name): ours for name, ours in reversed(SYNONYMS.items()) if _words(name)}
"""What a column holds by the words of its name, whatever their order."""
