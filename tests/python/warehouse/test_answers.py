"""The answers of the first page: their numbers, and which sentences a result has."""

from statistics import NormalDist

import pytest


@pytest.fixture
def answers(shipped):
    found = shipped.execute("select * from reports.rpt_answers")
    names = [column[0] for column in found.description]
    return {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


def test_every_headline_has_an_answer(answers, shipped):
    headlines = shipped.execute("select analysis_id from dim_analyses where is_headline").fetchall()
    assert set(answers) == {key for (key,) in headlines}
    for key, row in answers.items():
        assert row["finding"] or row["published_text"], key
        assert row["certainty_text"][0].isupper(), key


def test_the_share_of_pairs_is_that_of_two_normal_groups(answers):
    told = [row for row in answers.values() if row["better_off"] is not None]
    assert len(told) == 5
    for row in told:
        for value, share in (
            ("estimate", "better_off"), ("ci_low", "better_off_low"), ("ci_high", "better_off_high")
        ):  # fmt: skip
            # the difference of two people of two groups of variance 1 has a variance of 2
            above = NormalDist(row[value], 2**0.5).cdf(0)
            assert row[share] == pytest.approx(100 * (1 - above), abs=1e-9)
        assert f" {row['better_off']:.0f} of 100 pairs" in row["better_off_text"]


def test_comparators_are_told_with_their_own_results(answers, shipped):
    rows = shipped.execute(
        "select dim_analyses.comparator_class, estimate, cohen_band, side from fct_pooled_effects "
        "inner join dim_analyses using (analysis_id) where policy_id = 'recommended' "
        "and analysis_id in ('depression_inactive', 'depression_active')"
    ).fetchall()
    assert len(rows) == 2
    for kind, estimate, band, _ in rows:
        assert (
            f"gainst {kind} controls: {band} (SMD {estimate:.2f})"
            in (answers["depression"]["against_text"])
        )
    assert "active controls: no clear effect (SMD 0.21)" in answers["stress"]["against_text"]
    assert answers["addiction"]["against_text"] is None


def test_a_result_without_a_side_has_no_share_of_pairs(answers):
    assert answers["suicidal_ideation"]["better_off_text"] is None
    assert answers["personality_disorder"]["published_text"].startswith("Published: SMD 0.07")
