"""Classes and grades of metaumbrella on its own data; properties of the rules of every scheme."""

from __future__ import annotations

import itertools
import math
import operator
import random

import numpy as np
import pytest

import python_udfs
from tests.python.conftest import build_warehouse
from tests.python.warehouse import grading_inputs as gi

pytestmark = pytest.mark.build

CLASS, GRADE = "ioannidis_metaumbrella", "grade_metaumbrella"
WORDS = {"High": "high", "Moderate": "moderate", "Weak": "low", "Very weak": "very_low"}
VARIANTS = (("no", 0), ("serious", 1))
Z = 1.959963984540054


@pytest.fixture
def engine(shipped_database):
    with python_udfs.connect(shipped_database) as connection:
        yield connection


def kind(dataset: str) -> str:
    return "continuous" if dataset in gi.CONTINUOUS else "ratio"


def assert_equal_to_peer(connection, dataset: str, results: dict[str, dict]) -> None:
    found = gi.grades(connection, results, kind(dataset))
    low_rob = {"low_rob_share": 100.0, "low_reporting_bias_share": 100.0}
    variants = {
        word: gi.grades(
            connection,
            {
                factor: given | low_rob | {"indirectness": level}
                for factor, given in results.items()
            },
            kind(dataset),
        )
        for word, level in VARIANTS
    }
    for factor, expected in gi.EXPECTED[dataset].items():
        assert found[factor, CLASS] == expected["class_ioannidis"], factor
        if expected["class_grade"] in WORDS:
            assert found[factor, GRADE] == WORDS[expected["class_grade"]], factor
        for word, _ in VARIANTS:
            if f"class_grade_low_rob_{word}" in expected:
                peer = WORDS[expected[f"class_grade_low_rob_{word}"]]
                assert variants[word][factor, GRADE] == peer, (factor, word)


@pytest.mark.parametrize("dataset", gi.SETS)
def test_rules_give_metaumbrellas_grades_from_its_own_numbers(engine, dataset):
    results = {f: gi.inputs_of_peer(expected) for f, expected in gi.EXPECTED[dataset].items()}
    assert_equal_to_peer(engine, dataset, results)


@pytest.mark.parametrize("dataset", gi.SETS)
def test_engine_and_rules_give_metaumbrellas_grades_from_the_studies(engine, dataset):
    gi.load_studies(engine, dataset)
    fits, shares = gi.fits(engine), gi.contradicting(engine)
    results = {
        factor: gi.inputs_of_engine(fits[factor], shares[factor], expected)
        for factor, expected in gi.EXPECTED[dataset].items()
    }
    for factor, expected in gi.EXPECTED[dataset].items():
        peer, ours = gi.inputs_of_peer(expected), results[factor]
        for name in ("estimate", "ci_low", "ci_high", "pi_low", "pi_high", "p_value", "i2"):
            assert ours[name] == pytest.approx(peer[name], rel=2e-4, abs=2e-6), (factor, name)
        for name in ("egger_p", "contradicting_share", "k", "largest_low", "largest_high"):
            assert ours[name] == pytest.approx(peer[name], rel=1e-8), (factor, name)
    assert_equal_to_peer(engine, dataset, results)


# Everything that class I and a high grade ask for.
PERFECT = {
    "estimate": 0.5, "p_value": 1e-9, "ci_low": 0.4, "ci_high": 0.6, "pi_low": 0.2, "pi_high": 0.8,
    "i2": 20.0, "egger_p": 0.5, "excess_p_tess_psst": 0.5, "largest_low": 0.3, "largest_high": 0.7,
    "n_cases": 15000.0, "n_controls": 15000.0, "n_participants": 30000.0, "k": 12,
    "contradicting_share": 0.0, "low_rob_share": 90.0, "low_reporting_bias_share": 90.0,
    "indirectness": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected_class", "expected_grade"),
    [
        ({}, "I", "high"),
        ({"egger_p": 0.07}, "I", "moderate"),
        ({"egger_p": 0.05}, "II", "moderate"),
        ({"egger_p": None}, "II", "high"),
        ({"i2": 50.0}, "II", "high"),
        ({"pi_low": -0.05}, "II", "moderate"),
        ({"pi_low": -0.2}, "II", "low"),
        ({"largest_low": -0.1}, "I", "high"),
        ({"largest_low": -0.1, "i2": 50.0}, "III", "high"),
        ({"largest_low": -0.7, "largest_high": -0.3, "i2": 50.0}, "III", "high"),
        ({"p_value": 1e-6}, "III", "high"),
        ({"p_value": 0.001}, "IV", "high"),
        ({"p_value": 0.05}, "ns", "high"),
        ({"p_value": None}, "ns", "high"),
        ({"n_cases": 1000.0}, "IV", "high"),
        ({"n_cases": None}, "IV", "low"),
        ({"n_cases": 393.0}, "IV", "moderate"),
        ({"n_cases": 63.0}, "IV", "low"),
        ({"low_rob_share": 74.9}, "I", "moderate"),
        ({"low_rob_share": None}, "I", "low"),
        ({"indirectness": 1}, "I", "moderate"),
        ({"indirectness": None}, "I", "low"),
        ({"k": 4}, "I", "moderate"),
        ({"k": 4, "indirectness": 1, "low_rob_share": 60.0}, "I", "very_low"),
        ({"ci_low": -0.05, "ci_high": 0.9, "pi_low": -0.5}, "II", "low"),
        ({"pi_low": None, "pi_high": None, "i2": 60.0}, "II", "high"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_each_criterion_moves_the_grade_as_metaumbrella_codes_it(
    engine, change, expected_class, expected_grade, is_mirrored
):
    given = PERFECT | change
    if is_mirrored:
        mirrored = {"estimate": -given["estimate"]}
        for low, high in (("ci_low", "ci_high"), ("pi_low", "pi_high"),
                          ("largest_low", "largest_high")):  # fmt: skip
            mirrored |= {
                low: None if given[high] is None else -given[high],
                high: None if given[low] is None else -given[low],
            }
        given |= mirrored
    found = gi.grades(engine, {"x": given}, "continuous")
    assert (found["x", CLASS], found["x", GRADE]) == (expected_class, expected_grade)


def test_shipped_grades_of_the_table_macro_equal_the_mart(shipped):
    shipped.execute("create temp table given as select * from intermediate.int_grading_values")
    differing = shipped.execute("""
        select count(*), count_if(marts.status != 'no_result' and (
            macros.grade is distinct from marts.grade
            or macros.best_grade is distinct from marts.best_grade
            or macros.worst_grade is distinct from marts.worst_grade))
        from fct_evidence_grades as marts
        inner join evidence_grades('given') as macros using (graded_id, scheme)
    """).fetchone()
    n_grades = shipped.execute("select count(*) from fct_evidence_grades").fetchone()[0]
    assert n_grades > 1000
    assert differing == (n_grades, 0)


def test_the_declared_variant_lies_within_its_bounds(shipped):
    assert shipped.execute("""
        select count(*) from fct_grade_domains
        where points is not null and points not between best_points and worst_points
    """).fetchone() == (0,)


def test_a_teams_own_scheme_judgements_and_faulty_rows(tmp_path, copied_sheets):
    def add(sheet: str, *rows: str) -> None:
        with (copied_sheets / f"{sheet}.csv").open("a", encoding="utf-8") as file:
            file.writelines(f"{row}\n" for row in rows)

    add("protocol/grading_schemes", "own,Own,class,Ours,Us,90,,,")
    add("protocol/grading_grades", "own,good,Good,large,0,", "own,poor,Poor,not large,1,")
    add(
        "protocol/grading_criteria",
        "own,large,any,ci_low_large,>=,0.35,large effects,0.1;0.5,Large",
    )
    add(
        "protocol/grading_rules",
        "own,class,1,large,0,the lower limit is large",
        "own,class,2,lagre,0,a criterion that is not there",
        "own,class,3,,1,the lower limit is not large",
    )
    domains = ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")
    add(
        "extraction/grade_judgements",
        *(f"depression,{d},final,{int(d == 'inconsistency')},because" for d in domains),
        *(f"anxiety,{d},{rater},{rater},because" for d in domains[:1] for rater in (1, 2)),
        *(f"anxiety,{d},1,0,because" for d in domains[1:]),
        *(f"ptsd,inconsistency,{rater},{rater},because" for rater in (1, 2)),
    )
    add(
        "extraction/quality_ratings", "Davies2014,amstar,12,1,yes,,", "Davies2014,amstar2,1,1,yes,,"
    )
    database = build_warehouse(
        tmp_path, copied_sheets, selection="fct_evidence_grades fct_quality_ratings "
        "fct_grade_sensitivity fct_rejected_rows dim_grading_rules"
    )  # fmt: skip
    with python_udfs.connect(database) as connection:
        one = lambda query: connection.execute(query).fetchone()  # noqa: E731
        grade = "select status, grade, reasons from fct_evidence_grades where grade_id = "
        assert one(grade + "'depression:recommended:own'")[:2] == ("graded", "good")
        assert one(grade + "'stress:recommended:own'")[:2] == ("graded", "poor")
        assert one("""select declared_grade, grade, grades_gained from fct_grade_sensitivity
            where sensitivity_id = 'depression:recommended:own:threshold:large:any:0.5'
        """) == ("good", "poor", -1)
        assert one(grade + "'depression:recommended:grade_team'") == (
            "graded", "moderate", "Moderate: inconsistency -1: serious.",
        )  # fmt: skip
        assert one(grade + "'anxiety:recommended:grade_team'")[:2] == ("not_assessable", None)
        # numbers speak where nobody judged, not where the raters differ
        found = connection.execute("""select graded_id, points, reason like 'computed: %'
            from fct_grade_domains where scheme = 'grade_team' and domain = 'inconsistency'
            and graded_id in ('stress:recommended', 'ptsd:recommended') order by graded_id
        """).fetchall()
        assert found == [("ptsd:recommended", None, False), ("stress:recommended", 0, True)]
        assert (
            "raters differ"
            in one("""
            select missing_reason from intermediate.int_grading_values
            where graded_id = 'anxiety:recommended' and input = 'judged_risk_of_bias'
        """)[0]
        )
        # indirectness is the team's, so the rules use it, too
        assert one("""select value from intermediate.int_grading_values
            where graded_id = 'depression:recommended' and input = 'indirectness'""") == (0,)
        assert one("""select status, n_answered from fct_quality_ratings
            where quality_rating_id = 'Davies2014:amstar2'""") == ("incomplete", 1)
        rejected = connection.execute(
            "select sheet, value from fct_rejected_rows where severity = 'reject'"
        ).fetchall()
        assert sorted(rejected) == [("grading_rules", "lagre"), ("quality_ratings", "12")]


KINDS = ("ratio", "continuous")
SHARE = "share"
"""Percentages of one group: of them nothing is asked but what the team judged."""

COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def completions(value, bound, thresholds):
    """Values that an input may have: its own, or one of every part between the thresholds."""
    if value is not None and bound == "exact":
        return [value]
    ends = [thresholds[0] - 1, *thresholds, thresholds[-1] + 1]
    tried = [*ends, *(sum(pair) / 2 for pair in itertools.pairwise(ends))]
    if value is None:
        return tried
    within = operator.ge if bound == "at_least" else operator.le
    return [number for number in (*tried, value) if within(number, value)]


class Scheme:
    """Criteria and rules as a reader of the two sheets has them."""

    def __init__(self, connection) -> None:
        self.criteria = {
            (scheme, kind, name): (given, comparison, threshold)
            for scheme, name, applies_to, given, comparison, threshold in connection.execute(
                "select scheme, criterion, applies_to, input, comparison, threshold "
                "from dim_grading_criteria"
            ).fetchall()
            for kind in ((*KINDS, SHARE) if applies_to == "any" else (applies_to,))
        }
        self.rules = {}
        for scheme, domain, names, points in connection.execute(
            "select scheme, domain, criteria, points from dim_grading_rules order by rule_order"
        ).fetchall():
            atoms = [name.strip() for name in (names or "").split(";") if name]
            needs = [(name.removeprefix("not "), not name.startswith("not ")) for name in atoms]
            self.rules.setdefault((scheme, domain), []).append((needs, points))

    def thresholds(self, scheme, domain, kind):
        """Those of each input that the rules of a domain look at."""
        found = {}
        for needs, _ in self.rules[scheme, domain]:
            for name, _ in needs:
                given, _, threshold = self.criteria[scheme, kind, name]
                found.setdefault(given, set()).add(threshold)
        return {given: sorted(found[given]) for given in sorted(found)}

    def completed(self, scheme, domain, kind, values):
        """Whether each rule holds, by rule and completion of (value, bound): rows of booleans."""
        thresholds = self.thresholds(scheme, domain, kind)
        tried = {given: completions(*values[given], found) for given, found in thresholds.items()}
        shape = [len(numbers) for numbers in tried.values()]
        axes = {given: axis for axis, given in enumerate(tried)}
        rows = []
        for needs, _ in self.rules[scheme, domain]:
            holds = np.ones(shape, dtype=bool)
            for name, needed in needs:
                given, comparison, threshold = self.criteria[scheme, kind, name]
                met = COMPARISONS[comparison](np.array(tried[given]), threshold) == needed
                along = [1] * len(shape)
                along[axes[given]] = -1
                holds &= met.reshape(along)
            rows.append(holds.ravel())
        return np.array(rows)

    def possible_points(self, scheme, domain, completed):
        """Those of the first rule that holds, in one completion or another."""
        assert completed.any(axis=0).all()
        points = [gives for _, gives in self.rules[scheme, domain]]
        return {points[place] for place in np.unique(completed.argmax(axis=0))} - {None}


def test_what_is_possible_is_what_some_completion_of_the_inputs_gives(shipped):
    schemes = Scheme(shipped)
    # Grades add up the domains, so that no two of a scheme may look at one input.
    looked_at = {
        (scheme, given, domain)
        for scheme, domain in schemes.rules
        for kind in KINDS
        for given in schemes.thresholds(scheme, domain, kind)
    }
    shared = {
        (scheme, given)
        for scheme, given, domain in looked_at
        if (scheme, given) in {(s, g) for s, g, d in looked_at if d != domain}
    }
    assert shared == {("grade_team", "k_units")}, "which allows the best of both at ten or more"

    values, kinds = {}, {}
    for graded, kind, given, value, bound in shipped.execute(
        "select graded_id, outcome_kind, input, value, bound from intermediate.int_grading_values"
    ).fetchall():
        values.setdefault(graded, {})[given], kinds[graded] = (value, bound), kind
    domains = shipped.execute(
        "select graded_id, scheme, domain, points, best_points, worst_points from fct_grade_domains"
    ).fetchall()
    known = {}
    n_open = 0
    for graded, scheme, domain, points, best, worst in domains:
        kind = kinds[graded]
        assert kind != SHARE or scheme == "grade_team"
        inputs = {
            given: values[graded].get(given, (None, "exact"))
            for given in schemes.thresholds(scheme, domain, kind)
        }
        key = (scheme, domain, kind, tuple(inputs.items()))
        if key not in known:
            completed = schemes.completed(scheme, domain, kind, inputs)
            known[key] = schemes.possible_points(scheme, domain, completed)
        n_open += len(known[key]) > 1
        possible = known[key] | ({points} - {None})
        assert (best, worst) == (min(possible, default=None), max(possible, default=None)), (
            graded,
            domain,
        )
    assert n_open > 50


def test_rules_decide_what_is_known_whatever_is_not(engine):
    """Results with every mixture of known inputs, bounds and gaps, beside what a reader decides."""
    schemes, chance = Scheme(engine), random.Random(4)
    inputs = {}
    for given, _, threshold in schemes.criteria.values():
        inputs.setdefault(given, set()).add(threshold)
    given_values = {}
    for number in range(40):
        given_values[number] = {}
        for given, thresholds in sorted(inputs.items()):
            number_known = chance.choice(sorted(thresholds)) + chance.choice([-0.01, 0.0, 0.01])
            bound = chance.choices(["exact", "at_least", "at_most", None], [16, 1, 1, 2])[0]
            given_values[number][given] = (number_known if bound else None, bound or "exact")
    engine.execute("create or replace temp table given (graded_id varchar, outcome_kind varchar, "
                   "input varchar, value double, bound varchar)")  # fmt: skip
    engine.executemany(
        "insert into given values (?, ?, ?, ?, ?)",
        [
            (str(number), KINDS[number % 2], given, value, bound)
            for number, values in given_values.items()
            for given, (value, bound) in values.items()
        ],
    )
    found = engine.execute(
        "select graded_id, scheme, domain, rule_order, points, best_points, worst_points "
        "from grade_domains('given')"
    ).fetchall()
    assert len(found) == 40 * len(schemes.rules)
    n_undecided = 0
    for graded, scheme, domain, rule_order, points, best, worst in found:
        values, kind = given_values[int(graded)], KINDS[int(graded) % 2]
        completed = schemes.completed(scheme, domain, kind, values)
        first = list(completed.all(axis=1)).index(True)
        assert rule_order == first + 1, (graded, scheme, domain)
        assert points == schemes.rules[scheme, domain][first][1]
        possible = schemes.possible_points(scheme, domain, completed)
        n_undecided += len(possible) > 1
        # A domain that gives no points, whatever else were known, may be given any.
        possible = possible | {points} - {None} or {p for _, p in schemes.rules[scheme, domain]}
        possible -= {None}
        assert (best, worst) == (min(possible), max(possible)), (graded, scheme, domain)
    assert n_undecided > 60


def test_one_meta_analysis_is_graded_as_its_effect(shipped):
    """What the team judges belongs to the analysis; everything else is the effect's own."""
    rows = shipped.execute(
        """
        select pooled.graded_id, mine.input, mine.value, mine.bound, theirs.value, theirs.bound
        from intermediate.int_grading_inputs as pooled
        inner join fct_analysis_members as members
            on pooled.analysis_id = members.analysis_id and members.is_member
        inner join intermediate.int_grading_inputs as effect
            on members.effect_id = effect.effect_id and pooled.scale = effect.scale
        inner join intermediate.int_grading_values as mine on pooled.graded_id = mine.graded_id
        inner join intermediate.int_grading_values as theirs
            on effect.graded_id = theirs.graded_id and mine.input = theirs.input
        where pooled.k = 1
            and mine.input != 'indirectness'
            and not starts_with(mine.input, 'judged_')
        """
    ).fetchall()
    assert len({graded for graded, *_ in rows}) > 20
    different = [row for row in rows if row[2:4] != row[4:6]]
    assert different == []


def test_studies_of_a_pool_are_trials(shipped):
    """At least as many as the member with most; pools of few meta-analyses have enough of them."""
    rows = shipped.execute(
        """
        select inputs.k, any_value(counted.value), any_value(counted.bound),
            max(effects.n_comparisons)
        from intermediate.int_grading_inputs as inputs
        inner join intermediate.int_grading_values as counted
            on inputs.graded_id = counted.graded_id and counted.input = 'k'
        inner join fct_analysis_members as members
            on inputs.analysis_id = members.analysis_id and members.is_member
        inner join fct_effects as effects on members.effect_id = effects.effect_id
        where inputs.graded_kind = 'pooled_result'
        group by inputs.graded_id, inputs.k
        """
    ).fetchall()
    assert all(value == most for _, value, _, most in rows)
    assert {(k > 1, bound) for k, _, bound, _ in rows} == {(True, "at_least"), (False, "exact")}
    assert sum(k <= 4 and value is not None and value >= 5 for k, value, *_ in rows) > 20


def test_a_printed_number_stands_for_all_that_round_to_it(shipped):
    rows = shipped.execute(
        """
        select effect_id, estimate_printed, ci_low_printed, ci_high_printed, shown_as = 'exp',
            z_min, z_max
        from fct_effects
        inner join intermediate.int_effect_rounding using (effect_id)
        inner join intermediate.int_printed_results as texts
            on texts.part = 'result' and texts.row_id = effect_id
        where not starts_with(fct_effects.measure, 'log') and fct_effects.ci_level = 0.95
        """
    ).fetchall()
    assert len(rows) > 150
    n_open = 0
    for effect, *texts, is_ratio, z_min, z_max in rows:
        decimals = max(len(text.partition(".")[2]) for text in texts)
        numbers = [float(text) for text in texts]
        half = 0.5 * 10.0**-decimals
        scaled = math.log if is_ratio else float
        if is_ratio and min(numbers) <= half:
            assert z_min == 0, effect
            continue
        (y_low, y_high), (a_low, a_high), (b_low, b_high) = (
            (scaled(number - half), scaled(number + half)) for number in numbers
        )
        nearest = 0.0 if y_low < 0 < y_high else min(abs(y_low), abs(y_high))
        assert z_min == pytest.approx(nearest * 2 * Z / (b_high - a_low), rel=1e-9), effect
        farthest = max(abs(y_low), abs(y_high))
        widest = farthest * 2 * Z / (b_low - a_high) if b_low > a_high else math.inf
        assert z_max == pytest.approx(widest, rel=1e-9), effect
        n_open += z_min < Z <= z_max
    assert n_open > 0


def test_criteria_that_rounding_could_turn_say_so(shipped):
    rows = shipped.execute(
        """
        select criteria.is_open_by_rounding, criteria.comparison, criteria.threshold,
            inputs.value_low, inputs.value_high, criteria.explanation, grades.reasons,
            criteria.criterion_label
        from fct_grade_criteria as criteria
        inner join intermediate.int_grading_values as inputs
            on criteria.graded_id = inputs.graded_id and criteria.input = inputs.input
        inner join fct_evidence_grades as grades
            on criteria.graded_id = grades.graded_id and criteria.scheme = grades.scheme
        where inputs.value is not null and inputs.bound = 'exact'
        """
    ).fetchall()
    n_open = 0
    for is_open, comparison, threshold, low, high, explanation, reasons, label in rows:
        compare = COMPARISONS[comparison]
        assert is_open == (compare(low, threshold) != compare(high, threshold))
        assert is_open == ("within the rounding of the printed numbers" in explanation)
        assert not is_open or label in reasons.split("Rounding of the printed numbers")[1]
        n_open += is_open
    assert n_open > 10
