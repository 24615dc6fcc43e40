"""Conversions against metafor's escalc and R's binom.test; relative tolerance 1e-9."""

import pytest


@pytest.fixture
def conversions(golden):
    return golden("conversions")


def columns(rows, *fields):
    return [[row[field] for row in rows] for field in fields]


def close(expected):
    return pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("form", ["LS", "LS2", "UB"])
def test_smd_from_means(call, conversions, form):
    data = conversions["smd"]
    inputs = [data[key] for key in ("m1", "sd1", "n1", "m2", "sd2", "n2")]
    rows = call("smd_from_means", *inputs, [form] * len(data["m1"]))
    yi, vi = columns(rows, "yi", "vi")
    assert yi == close(data[form]["yi"])
    assert vi == close(data[form]["vi"])


def test_g_from_d_equals_smd_from_means(call, conversions):
    data = conversions["smd"]
    for form in ("LS", "LS2", "UB", "H0"):
        inputs = [data[key] for key in ("m1", "sd1", "n1", "m2", "sd2", "n2")]
        from_means = call("smd_from_means", *inputs, [form] * len(data["m1"]))
        d = []
        for m1, s1, n1, m2, s2, n2 in zip(*inputs, strict=True):
            pooled = ((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2)
            d.append((m1 - m2) / pooled**0.5)
        sizes = (data["n1"], data["n2"])
        from_d = call("g_from_d", d, [None] * len(d), *sizes, [form] * len(d))
        for field in ("yi", "vi"):
            assert columns(from_d, field)[0] == close(columns(from_means, field)[0])


@pytest.mark.parametrize("rule", ["hasselblad_hedges", "cox"])
def test_smd_from_log_odds(call, conversions, rule):
    data = conversions["log_odds"]
    log_or = data["OR"]
    rows = call("smd_from_log_odds", log_or["yi"], log_or["vi"], [rule] * len(log_or["yi"]))
    yi, vi = columns(rows, "yi", "vi")
    assert yi == close(data[rule]["yi"])
    assert vi == close(data[rule]["vi"])


def test_logit_from_events(call, conversions):
    data = conversions["logit"]
    rows = call("logit_from_events", data["events"], data["total"])
    yi, vi, assumption = columns(rows, "yi", "vi", "assumption")
    assert yi == close(data["yi"])
    assert vi == close(data["vi"])
    for events, total, text in zip(data["events"], data["total"], assumption, strict=True):
        assert (text is not None) == (events in (0, total))


def test_proportion_ci_exact(call, conversions):
    data = conversions["proportion"]
    rows = call("proportion_ci_exact", data["events"], data["total"], data["ci_level"])
    low, high = columns(rows, "ci_low", "ci_high")
    assert low == close(data["ci_low"])
    assert high == close(data["ci_high"])


def test_subgroup_difference(call, golden):
    data = golden("subgroups")
    row = call("subgroup_difference", [data["estimates"]], [data["ses"]])[0]
    assert row["q_between"] == close(data["q_between"])
    assert row["p_value"] == close(data["p_value"])
