"""Make up an umbrella review of risk factors as a paper prints it, beside its plain numbers.

Writes tests/data/imports/printed_risk_factors.csv (the table, as typed by a stranger) and
printed_risk_factors_truth.csv (what each row says). The classes follow from the printed numbers by
the criteria in this file alone. All names are made up. Run: python validation/make_printed_table.py
"""

import csv
import math
import random
from pathlib import Path

OUT = Path(__file__).parents[1] / "tests" / "data" / "imports"
SEED = 20261130

OUTCOMES = {
    "Cancer outcomes": ("Colonic adenoma", "Gastric carcinoma", "Renal sarcoma", "Lymphoma"),
    "Cardiovascular outcomes": ("Heart block", "Stroke", "Venous clot", "Arterial spasm"),
    "Neurological outcomes": ("Migraine", "Tremor", "Neuralgia", "Sleep paralysis"),
    "Mental health outcomes": ("Low mood", "Panic", "Insomnia", "Fatigue"),
}
EXPOSURES = (
    "Marsh tea", "Night noise", "Birch pollen", "Rye bread", "Salted plum", "Peat smoke",
    "Cold water", "Shift work", "Oat bran", "Dried kelp", "Lamp light", "River fish", "Pine tar",
)  # fmt: skip
COMPARISONS = ("per 10 g/day", "highest vs lowest", "yes vs no", "per 5 dB")
AUTHORS = ("Alderby", "Brock", "Cavendon", "Dorn", "Estrup", "Fjell", "Gannet", "Holm")
METRICS = ("RR", "OR", "HR")
MISSING = ("NA", "", "\u2013", "NR")


def p_of(estimate: float, low: float, high: float) -> float:
    """Two-sided P of a ratio with its 95% interval."""
    z = abs(math.log(estimate)) / ((math.log(high) - math.log(low)) / (2 * 1.959964))
    return math.erfc(z / math.sqrt(2))


def class_of(row: dict) -> str:
    """The class of a row by its printed numbers: what is not printed is not met."""
    p, below = row["p"], row["p_is_bound"]
    if not (p < 0.05 or (below and p <= 0.05)):
        return "NS"
    many = row["cases"] > 1000
    if not (many and (p < 1e-3 or (below and p <= 1e-3))):
        return "IV"
    largest = row["largest"] and same_side(row["estimate"], row["largest"][1:])
    if not (largest and (p < 1e-6 or (below and p <= 1e-6))):
        return "III"
    best = (
        row["i2"] is not None
        and row["i2"] < 50
        and row["pi"]
        and (row["pi"][0] > 1 or row["pi"][1] < 1)
        and is_no_sign(row["egger"])
        and is_no_sign(row["excess"])
    )
    return "I" if best else "II"


def is_no_sign(test: object) -> bool:
    """Whether a test, a P or a word, shows no sign; one that is missing does not."""
    return test == "no" or (isinstance(test, float) and test > 0.1)


def same_side(estimate: float, interval: tuple) -> bool:
    """Whether an interval excludes one on the side of the estimate."""
    return interval[0] > 1 if estimate > 1 else interval[1] < 1


def rows() -> list[dict]:
    """One result for most pairs of exposure and outcome."""
    rng = random.Random(SEED)
    made = []
    for group, outcomes in OUTCOMES.items():
        for outcome in outcomes:
            for exposure in EXPOSURES:
                if rng.random() < 0.94:
                    made.append(row_of(rng, group, outcome, exposure, len(made)))
    return made


def row_of(rng: random.Random, group: str, outcome: str, exposure: str, number: int) -> dict:
    """A result whose numbers are rounded as they are printed."""
    effect = rng.choice((0.0, 0.05, 0.1, 0.2, 0.35, 0.5)) * rng.choice((1, -1))
    se = rng.choice((0.01, 0.02, 0.03, 0.05, 0.09, 0.15))
    estimate, low, high = (round(math.exp(effect + z * se), 2) for z in (0, -1.96, 1.96))
    low, high = min(low, estimate - 0.01), max(high, estimate + 0.01)
    cases = rng.choice((rng.randint(90, 990), rng.randint(1010, 4000), rng.randint(4000, 60000)))
    i2 = rng.choice((0, 12, 31, 45, 48, 56, 72, 91, None))
    tau = (i2 or 0) / 100 * 0.25
    pi = tuple(round(math.exp(effect + z * (se + tau)), 2) for z in (-2.1, 2.1))
    exact = p_of(estimate, low, high)
    p, is_bound = (
        (1e-6, True) if exact < 1e-30 or (exact < 1e-6 and rng.random() < 0.5) else (exact, False)
    )
    if exact < 1e-3 and not is_bound and rng.random() < 0.2 and exact > 1e-6:
        p, is_bound = 1e-3, True
    if not is_bound:
        p = float(f"{p:.1e}") if p < 1e-3 else round(p, 3)
    big = rng.random() < 0.8
    spread = 1.96 * se * (1.4 if big else 30)
    largest = tuple(round(math.exp(effect + z), 2) for z in (0, -spread, spread))
    row = {
        "group": group, "outcome": outcome, "exposure": exposure,
        "comparison": rng.choice(COMPARISONS),
        "reference": f"{AUTHORS[number % 8]} et al., {2008 + number % 15}",
        "studies": rng.randint(2, 42), "cases": cases,
        "participants": cases * rng.randint(3, 60) + rng.randint(1, 500),
        "metric": rng.choice(METRICS), "estimate": estimate, "low": low, "high": high,
        "p": p, "p_is_bound": is_bound, "i2": i2,
        "pi": pi if rng.random() < 0.85 else None,
        "egger": test_of(rng), "excess": test_of(rng),
        "largest": largest if rng.random() < 0.92 else None,
    }  # fmt: skip
    return row | {"class": class_of(row)}


def test_of(rng: random.Random) -> object:
    """A test of bias: its P, a word, or nothing."""
    p = round(rng.uniform(0.02, 0.95), 2)
    return rng.choice((p, p, p, "no", "yes", None))


def printed(rng: random.Random, row: dict) -> list[str]:
    """The row as it is typed: intervals, counts and marks in one cell, in many ways."""

    def missing() -> str:
        return rng.choice(MISSING)

    e, low, high = (f"{row[name]:.2f}" for name in ("estimate", "low", "high"))
    ways = (f"{e} ({low} to {high})", f"{e} ({low}-{high})", f"{e} [{low}; {high}]",
            f"{e} ({low}\u2013{high})", f"{e} (95% CI {low}, {high})",
            f"{row['metric']} {e} ({low} to {high})")  # fmt: skip
    marked = rng.choice(("",) * 12 + ("*", "\u2020"))
    i2 = missing() if row["i2"] is None else f"{row['i2']}%" + rng.choice(("",) * 9 + ("\u2020",))
    pi = rng.choice(("{} to {}", "{}\u2013{}", "{}-{}", "({}, {})"))
    word = {"no": ("No", "no", "Absent"), "yes": ("Yes", "yes", "Present")}
    tests = [
        missing() if one is None
        else rng.choice(word[one]) if isinstance(one, str)
        else f"{one:.2f}"
        for one in (row["egger"], row["excess"])
    ]  # fmt: skip
    names = {
        "I": ("I", "Convincing", "Class I"), "II": ("II", "Highly suggestive", "Class II"),
        "III": ("III", "Suggestive"), "IV": ("IV", "Weak"), "NS": ("NS", "Non-significant"),
    }  # fmt: skip
    return [
        row["outcome"], row["exposure"] + rng.choice(("",) * 15 + ("*",)), row["comparison"],
        row["reference"], str(row["studies"]), f"{row['cases']}/{row['participants']}",
        row["metric"], rng.choice(ways) + marked, printed_p(rng, row), i2,
        pi.format(*(f"{limit:.2f}" for limit in row["pi"])) if row["pi"] else missing(),
        *tests,
        "{:.2f} ({:.2f} to {:.2f})".format(*row["largest"]) if row["largest"] else missing(),
        rng.choice(names[row["class"]]),
    ]  # fmt: skip


def printed_p(rng: random.Random, row: dict) -> str:
    """A P in one of the ways of journals."""
    if row["p_is_bound"]:
        strong = ("<10^-6", "< 1.0 \u00d7 10\u22126", "<0.000001", "<1e-06")
        return rng.choice(strong) if row["p"] == 1e-6 else rng.choice(("<0.001", "< .001"))
    if row["p"] >= 1e-3:
        return f"{row['p']:.3f}"
    mantissa, power = f"{row['p']:.1e}".split("e")
    ways = ("{} \u00d7 10^{}", "{} x 10{}", "{}e{}", "{}E{}")
    return rng.choice(ways).format(mantissa, int(power))


def write() -> None:
    """The table with titles, two header rows, groups, notes and empty rows; and the truth."""
    made, rng = rows(), random.Random(SEED + 1)
    width = 15
    blank = [""] * width
    table = [
        ["Table 2. Associations of 13 exposures with health outcomes", *blank[1:]],
        blank,
        ["", "", "", "", "", "", "Summary random effects", *[""] * 4, "Bias", "",
         "Largest study (95% CI)", "Evidence class"],
        ["Outcome", "Exposure", "Level of comparison", "Reference", "No. of studies",
         "Cases/participants", "Metric", "Effect size (95% CI)", "P value", "I\u00b2",
         "95% prediction interval", "Egger P", "Excess significance", "", ""],
    ]  # fmt: skip
    truth = []
    for group in OUTCOMES:
        table.append([group, *blank[1:]])
        for row in made:
            if row["group"] == group:
                table.append(printed(rng, row))
                truth.append({"row": len(table)} | row)
    table += [
        blank, blank,
        ["* After leaving out one study.", *blank[1:]],
        ["\u2020 Recalculated. NA, not available; RR, risk ratio.", *blank[1:]],
        blank,
    ]  # fmt: skip
    with (OUT / "printed_risk_factors.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(table)
    flat = [{name: plain(value) for name, value in row.items()} for row in truth]
    with (OUT / "printed_risk_factors_truth.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(flat[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(flat)


def plain(value: object) -> object:
    """An interval as numbers between blanks; nothing for what is missing."""
    if isinstance(value, tuple):
        return " ".join(f"{number:.2f}" for number in value)
    return "" if value is None else value


if __name__ == "__main__":
    write()
