// Pools effects (yi) with their variances (vi) as the function pool of the warehouse does, and
// computes what goes with it. Pure functions: no page, no state. Formulas and their sources stand in
// python_udfs/kernels; the tests hold both equal.
const pooling = (() => {
  "use strict";

  const CLOSE = 1e-10;
  const MAX_STEPS = 300;
  const LANCZOS = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
    1.5056327351493116e-7,
  ];

  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const squares = (values) => sum(values.map((value) => value * value));
  const mean = (values) => sum(values) / values.length;
  const spread = (y) => {
    const middle = mean(y);
    return squares(y.map((value) => value - middle));
  };

  // Logarithm of the gamma function (Lanczos 1964), for x > 0.5.
  function lgamma(x) {
    const at = x + 6.5;
    const series = LANCZOS.slice(1).reduce((total, c, i) => total + c / (x + i), LANCZOS[0]);
    return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(at) - at + Math.log(series);
  }

  function logBeta(a, b) {
    const half = (x) => (x > 0.5 ? lgamma(x) : lgamma(x + 1) - Math.log(x));
    return half(a) + half(b) - half(a + b);
  }

  // Lentz's continued fraction of the incomplete beta function (Press and others 2007, 6.4).
  function betaFraction(x, a, b) {
    const tiny = 1e-300;
    const safe = (value) => (Math.abs(value) < tiny ? tiny : value);
    let c = 1;
    let d = 1 / safe(1 - ((a + b) * x) / (a + 1));
    let h = d;
    for (let m = 1; m < 10000; m += 1) {
      const m2 = 2 * m;
      const even = (m * (b - m) * x) / ((a + m2 - 1) * (a + m2));
      d = 1 / safe(1 + even * d);
      c = safe(1 + even / c);
      h *= d * c;
      const odd = (-(a + m) * (a + b + m) * x) / ((a + m2) * (a + m2 + 1));
      d = 1 / safe(1 + odd * d);
      c = safe(1 + odd / c);
      const change = d * c;
      h *= change;
      if (Math.abs(change - 1) < 1e-16) break;
    }
    return h;
  }

  // Regularised incomplete beta function I_x(a, b); rest is 1 - x, given for its digits.
  function betaTail(x, rest, a, b) {
    if (x <= 0) return 0;
    if (rest <= 0) return 1;
    const front = Math.exp(a * Math.log(x) + b * Math.log(rest) - logBeta(a, b));
    return x < (a + 1) / (a + b + 2)
      ? (front * betaFraction(x, a, b)) / a
      : 1 - (front * betaFraction(rest, b, a)) / b;
  }

  // P(Z > |z|) of the standard normal: a series near the middle, a continued fraction in the tail.
  function normalTail(z) {
    const x = Math.abs(z);
    const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    if (x < 3) {
      let term = x;
      let total = x;
      for (let i = 3; term > total * 1e-17; i += 2) total += term *= (x * x) / i;
      return 0.5 - density * total;
    }
    let fraction = x;
    for (let i = 200; i > 0; i -= 1) fraction = x + i / fraction;
    return density / fraction;
  }

  // P(T > |t|); a df that is not finite stands for the normal distribution.
  function tTail(t, df) {
    if (!Number.isFinite(df)) return normalTail(t);
    const whole = df + t * t;
    return 0.5 * betaTail(df / whole, (t * t) / whole, df / 2, 0.5);
  }

  // Half the width of the central interval with probability level, in standard errors.
  function quantile(level, df = Infinity) {
    const tail = (1 - level) / 2;
    let low = 0;
    let high = 1;
    while (tTail(high, df) > tail) high *= 2;
    while (high - low > 1e-15 * high) {
      const middle = 0.5 * (low + high);
      if (middle <= low || middle >= high) break;
      if (tTail(middle, df) > tail) low = middle;
      else high = middle;
    }
    return 0.5 * (low + high);
  }

  // Two-sided p of a statistic; null where there is none.
  const pValue = (statistic, df = Infinity) => (
    Number.isFinite(statistic) ? 2 * tTail(statistic, df) : null
  );

  const weightsAt = (v, tau2) => v.map((vi) => 1 / (vi + tau2));

  // Weighted mean, sum of weights, and generalised Q at a tau2.
  function fitAt(y, v, tau2) {
    const w = weightsAt(v, tau2);
    const total = sum(w);
    const centre = sum(w.map((wi, i) => wi * y[i])) / total;
    return { w, total, mean: centre, q: sum(w.map((wi, i) => wi * (y[i] - centre) ** 2)) };
  }

  const cOf = ({ w, total }) => total - squares(w) / total;

  function derSimonianLaird(y, v) {
    const fit = fitAt(y, v, 0);
    return Math.max(0, (fit.q - (y.length - 1)) / cOf(fit));
  }

  function twoStep(y, v) {
    const fit = fitAt(y, v, derSimonianLaird(y, v));
    const expected = sum(fit.w.map((w, i) => w * v[i] * (1 - w / fit.total)));
    return Math.max(0, (fit.q - expected) / cOf(fit));
  }

  function hunterSchmidt(y, v, factor) {
    const { q, total } = fitAt(y, v, 0);
    return Math.max(0, (q * factor - y.length) / total);
  }

  function sidikJonkman(y, v) {
    const first = spread(y) / y.length;
    return first === 0 ? 0 : (first * fitAt(y, v, first).q) / (y.length - 1);
  }

  // The root of a function that falls from low to high, by halving.
  function root(falling, low, high, smallest) {
    let [from, to] = [low, high];
    for (let i = 0; i < MAX_STEPS && to - from > 1e-16 * (to + smallest); i += 1) {
      const middle = 0.5 * (from + to);
      if (middle <= from || middle >= to) break;
      if (falling(middle) > 0) from = middle;
      else to = middle;
    }
    return 0.5 * (from + to);
  }

  // Where the generalised Q falls to k - 1: Paule and Mandel, and the empirical Bayes of Morris.
  function pauleMandel(y, v) {
    const target = y.length - 1;
    const excess = (tau2) => fitAt(y, v, tau2).q - target;
    if (excess(0) <= 0) return 0;
    return root(excess, 0, spread(y) / target + CLOSE, Math.min(...v));
  }

  // Slope of the likelihood, restricted or not, times a factor above 0.
  function slopeAt(isRestricted, y, v, tau2) {
    const { w, total, mean: centre } = fitAt(y, v, tau2);
    const fit = sum(w.map((wi, i) => (wi * (y[i] - centre)) ** 2));
    return fit - (isRestricted ? total - squares(w) / total : total);
  }

  function logLikelihood(isRestricted, y, v, tau2) {
    const { w, total, q } = fitAt(y, v, tau2);
    return -0.5 * (q - sum(w.map(Math.log)) + (isRestricted ? Math.log(total) : 0));
  }

  // The highest of all maxima over tau2 >= 0: the slope is scanned from 0 upwards.
  function likeliest(isRestricted, y, v) {
    const slope = (tau2) => slopeAt(isRestricted, y, v, tau2);
    const height = (tau2) => logLikelihood(isRestricted, y, v, tau2);
    const smallest = Math.min(...v);
    const half = (0.5 * spread(y)) / (y.length - 1);
    const beyond = half + Math.sqrt(half * (half + 2 * (Math.max(...v) - smallest))) - smallest;
    const maxima = slope(0) <= 0 || beyond < 0 ? [0] : [];
    let [low, at, wasRising] = [0, 0, false];
    while (at <= beyond || wasRising) {
      const isRising = slope(at) > 0;
      if (wasRising && !isRising) maxima.push(root(slope, low, at, smallest));
      [low, at, wasRising] = [at, 2 * at + smallest, isRising];
    }
    return maxima.reduce((best, one) => (height(one) > height(best) ? one : best), maxima[0] ?? 0);
  }

  const TAU2 = {
    CE: () => 0,
    DL: derSimonianLaird,
    DL2: twoStep,
    HE: (y, v) => Math.max(0, spread(y) / (y.length - 1) - mean(v)),
    HS: (y, v) => hunterSchmidt(y, v, 1),
    HSk: (y, v) => hunterSchmidt(y, v, y.length / (y.length - 1)),
    SJ: sidikJonkman,
    PM: pauleMandel,
    EB: pauleMandel,
    ML: (y, v) => likeliest(false, y, v),
    REML: (y, v) => likeliest(true, y, v),
  };

  // Standard error and degrees of freedom by interval; classic is 1 / sqrt(W), hk its factor.
  const CI = {
    z: ({ classic }) => [classic, Infinity],
    t: ({ classic, k }) => [classic, k - 1],
    HK: ({ classic, hk, k }) => [classic * hk, k - 1],
    HK_adhoc: ({ classic, hk, k }) => [classic * Math.max(1, hk), k - 1],
    HK_ci: (fit, level) => CI[
      quantile(level, fit.k - 1) * fit.hk < quantile(level) ? "z" : "HK"
    ](fit),
  };

  const PI = {
    z: ({ classic }) => [classic, Infinity],
    HTS: ({ classic, k }) => [classic, k - 2],
    V: ({ classic, k }) => [classic, k - 1],
    HK: ({ classic, hk, k }) => [classic * hk, k > 2 ? k - 1 : 0],
    HK_PR: ({ classic, hk, k }) => [classic * hk, k - 2],
    none: () => [0, 0],
  };

  function predicted(fit, { tau2_method: tau2Method, pi_method: method, ci_level: level }) {
    const [se, df] = PI[method](fit);
    if (fit.k < 2 || tau2Method === "CE" || !(df > 0)) return { pi_low: null, pi_high: null };
    const half = quantile(level, df) * Math.sqrt(fit.tau2 + se * se);
    return { pi_low: fit.estimate - half, pi_high: fit.estimate + half };
  }

  // One meta-analysis on the scale of yi; null without effects. options as of the warehouse's pool.
  function pool(yi, vi, options) {
    const k = yi.length;
    if (k === 0) return null;
    const shift = mean(yi);
    const y = yi.map((value) => value - shift);
    const tau2 = k > 1 ? TAU2[options.tau2_method](y, vi) : 0;
    const { w, total, mean: centre, q: qAtTau2 } = fitAt(y, vi, tau2);
    const fit = {
      k,
      tau2,
      estimate: centre + shift,
      classic: 1 / Math.sqrt(total),
      hk: k > 1 ? Math.sqrt(qAtTau2 / (k - 1)) : 1,
    };
    const level = options.ci_level;
    const [se, df] = CI[k > 1 ? options.ci_method : "z"](fit, level);
    const half = quantile(level, df) * se;
    const { q } = fitAt(y, vi, 0);
    return {
      k,
      tau2: k > 1 ? tau2 : null,
      estimate: fit.estimate,
      se,
      ci_low: fit.estimate - half,
      ci_high: fit.estimate + half,
      df: Number.isFinite(df) ? df : null,
      p_value: se > 0 ? pValue(fit.estimate / se, df) : null,
      q: k > 1 ? q : null,
      q_df: k > 1 ? k - 1 : null,
      i2: k > 1 ? 100 * (q > 0 ? Math.max(0, (q - (k - 1)) / q) : 0) : null,
      weights: w.map((one) => one / total),
      ...predicted(fit, options),
    };
  }

  // The result without each effect in turn.
  const leaveOneOut = (yi, vi, options) => yi.map((_, out) => pool(
    yi.filter((__, i) => i !== out), vi.filter((__, i) => i !== out), options,
  ));

  // Egger's test: yi on the standard error, weights 1 / vi, dispersion estimated. Null where fewer
  // than three effects, or equal standard errors, leave no line.
  function egger(yi, vi) {
    const x = vi.map(Math.sqrt);
    const k = x.length;
    if (k < 3 || Math.max(...x) - Math.min(...x) <= 1e-9 * Math.max(...x)) return null;
    const { w, mean: middleX } = fitAt(x, vi, 0);
    const { mean: middleY } = fitAt(yi, vi, 0);
    const sxx = sum(w.map((wi, i) => wi * (x[i] - middleX) ** 2));
    const bias = sum(w.map((wi, i) => wi * (x[i] - middleX) * (yi[i] - middleY))) / sxx;
    const residual = (i) => yi[i] - middleY - bias * (x[i] - middleX);
    const rss = sum(w.map((wi, i) => wi * residual(i) ** 2));
    const se = Math.sqrt(rss / (k - 2) / sxx);
    return {
      k,
      bias,
      bias_se: se,
      df: k - 2,
      p_value: se > 0 ? pValue(bias / se, k - 2) : null,
      limit_estimate: middleY - bias * middleX,
    };
  }

  return { TAU2, CI, PI, pool, leaveOneOut, egger, tTail, quantile };
})();
