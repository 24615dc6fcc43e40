# Makes the golden values in tests/data/bias: small-study effects.
#
#   Rscript validation/make_golden_bias.R [output folder [part ...]]
#
# Effects and variances are those of tests/data/metafor. metafor gives egger_test (regtest),
# begg_test (ranktest), trim_and_fill (trimfill), selection_model (selmodel), excess_significance
# (tes) and fail_safe_n (fsn). Harbord, Peters, PET-PEESE and the limit meta-analysis are computed
# with lm on the published formulas, TESS, PSST and p-uniform* from theirs: the packages that have
# them (meta, metasens, puniform) are not needed.

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "metafor_fits.R"))
suppressMessages(library(metadat))

arguments <- commandArgs(trailingOnly = TRUE)
folder <- if (length(arguments)) arguments[1] else file.path("tests", "data", "bias")
dir.create(folder, recursive = TRUE, showWarnings = FALSE)
effects_folder <- file.path("tests", "data", "metafor")

# The first threshold of THRESHOLDS with which `fit(control)` runs without error or warning.
tightest <- function(fit) {
  for (threshold in THRESHOLDS) {
    control <- list(threshold = threshold, tol = 1e-14, maxiter = 20000)
    found <- tryCatch(fit(control), error = function(e) NULL, warning = function(w) NULL)
    if (!is.null(found)) return(found)
  }
  NULL
}

line <- function(y, x, v) summary(lm(y ~ x, weights = 1 / v))$coefficients

# --- Egger -----------------------------------------------------------------------------------

egger_lm <- function(yi, x, vi) {
  fit <- line(yi, x, vi)
  half <- qt(.975, length(yi) - 2) * fit[, 2]
  list(bias = fit[2, 1], bias_se = fit[2, 2], bias_ci_low = fit[2, 1] - half[[2]],
       p_value = fit[2, 4], limit_estimate = fit[1, 1], limit_se = fit[1, 2],
       limit_ci_high = fit[1, 1] + half[[1]])
}

egger_random <- function(yi, x, vi) {
  fit <- tightest(function(control) rma(yi, vi, mods = x, method = "REML", control = control))
  list(bias = fit$b[2], bias_se = fit$se[2], bias_ci_low = fit$ci.lb[2], p_value = fit$pval[2],
       limit_estimate = fit$b[1], limit_se = fit$se[1], limit_ci_high = fit$ci.ub[1],
       tau2 = fit$tau2)
}

# regtest itself, with its defaults: it must say the same (random to about 1e-5).
check_regtest <- function(yi, vi, lm, random) {
  test <- regtest(yi, vi, model = "lm")
  stopifnot(all.equal(test$pval, lm$p_value), all.equal(as.numeric(test$est), lm$limit_estimate),
            all.equal(as.numeric(test$ci.ub), lm$limit_ci_high))
  test <- suppressWarnings(regtest(yi, vi, model = "rma"))
  if (abs(test$pval - random$p_value) > 1e-4) cat("  regtest rma differs", test$pval, "\n")
}

egger <- function(yi, vi) {
  out <- list(lm = list(se = egger_lm(yi, sqrt(vi), vi), vi = egger_lm(yi, vi, vi)),
              random = list(se = egger_random(yi, sqrt(vi), vi), vi = egger_random(yi, vi, vi)))
  check_regtest(yi, vi, out$lm$se, out$random$se)
  out
}

begg <- function(yi, vi) {
  test <- suppressWarnings(ranktest(yi, vi))
  list(kendall_tau = as.numeric(test$tau), p_value = test$pval)
}

# --- Trim and fill ---------------------------------------------------------------------------

trimmed <- function(yi, vi, method, estimator, side) {
  found <- tightest(function(control) {
    fit <- rma(yi, vi, method = method, control = control)
    given <- if (side == "auto") NULL else side
    suppressWarnings( # of a negative variance of k0, whose standard error is then NaN
      trimfill(fit, estimator = estimator, side = given, control = control))
  })
  if (is.null(found)) return(NULL)
  list(k0 = found$k0, k0_se = number(found$se.k0), k0_p = number(found$p.k0), side = found$side,
       estimate = as.numeric(found$b), se = found$se)
}

trim_and_fill <- function(yi, vi) {
  grid <- data.frame(method = c(rep("DL", 7), "REML", "PM", "FE"),
                     estimator = c("L0", "R0", "Q0", "L0", "L0", "R0", "R0", "L0", "L0", "L0"),
                     side = c(rep("auto", 3), rep(c("left", "right"), 2), rep("auto", 3)))
  lapply(seq_len(nrow(grid)), function(i) {
    c(as.list(grid[i, ]),
      trimmed(yi, vi, grid$method[i], grid$estimator[i], grid$side[i]))
  })
}

# --- PET-PEESE and limit meta-analysis -------------------------------------------------------

pet_peese <- function(yi, vi) {
  one <- function(x) {
    fit <- line(yi, x, vi)
    list(estimate = fit[1, 1], se = fit[1, 2], statistic = fit[1, 3], p = fit[1, 4])
  }
  list(pet = one(sqrt(vi)), peese = one(vi))
}

# Formulas of Ruecker and others 2011, as in metasens::limitmeta.
limit <- function(yi, vi, tau2, q) {
  k <- length(yi)
  se <- sqrt(vi)
  total <- sqrt(vi + tau2)
  radial <- lm(I(yi / total) ~ I(1 / total))
  alpha <- coef(radial)[[1]]
  beta <- coef(radial)[[2]]
  inverse <- solve(crossprod(cbind(1, 1 / total)))
  limits <- beta + sqrt(tau2) / total * (yi - beta)
  limit_radial <- lm(I(limits / se) ~ I(1 / se))
  q_residual <- sum(residuals(lm(I(yi / se) ~ I(1 / se)))^2)
  scatter <- sum((limits / se - mean(limits / se))^2)
  out <- list(
    beta0 = beta + sqrt(tau2) * alpha,
    beta0_se = sqrt(inverse[2, 2] + tau2 * inverse[1, 1] + 2 * sqrt(tau2) * inverse[1, 2]),
    betalim = coef(limit_radial)[[2]], betalim_se = 1 / sd(1 / se) / sqrt(k - 1),
    mulim = weighted.mean(limits, 1 / vi), mulim_se = sqrt(1 / sum(1 / vi)),
    alpha = alpha, alpha_se = sqrt(inverse[1, 1]), beta = beta, beta_se = sqrt(inverse[2, 2]),
    q_small = q - q_residual, q_residual = q_residual,
    g2 = 100 * sum(residuals(limit_radial)^2) / scatter)
  out$tau2 <- tau2
  out
}

limits <- function(yi, vi) {
  lapply(c(DL = "DL", REML = "REML"), function(method) {
    fit <- tight_fit(yi, vi, method, "z")$fit
    limit(yi, vi, fit$tau2, fit$QE)
  })
}

# --- Selection model -------------------------------------------------------------------------

# The highest likelihood that several optimisers reach; the reason when metafor fits none.
selection <- function(yi, vi, alternative, step) {
  fit <- tightest(function(control) rma(yi, vi, method = "ML", control = control))
  controls <- list(list(), list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15, maxit = 1e4),
                   list(optimizer = "nlminb", rel.tol = 1e-14, eval.max = 1e4, iter.max = 1e4),
                   list(optimizer = "optim", optmethod = "Nelder-Mead", reltol = 1e-15, maxit = 1e5))
  reason <- NULL
  fits <- lapply(controls, function(control) {
    tryCatch(suppressWarnings(selmodel(fit, type = "stepfun", steps = step, alternative = alternative,
                                       control = control)),
             error = function(e) { reason <<- conditionMessage(e); NULL })
  })
  fits <- Filter(Negate(is.null), fits)
  if (!length(fits)) return(list(error = substr(reason, 1, 60)))
  best <- fits[[which.max(sapply(fits, function(f) f$ll))]]
  found <- c(estimate = as.numeric(best$b), se = number(best$se), tau2 = best$tau2,
             tau2_se = number(best$se.tau2), delta = best$delta[2],
             delta_se = number(best$se.delta[2]), lr_statistic = best$LRT, lr_p = best$LRTp)
  c(list(k_significant = best$ptable$k[1]), as.list(signif(found, 9)),
    list(log_likelihood = best$ll, log_likelihood_unselected = best$ll0))
}

selections <- function(yi, vi) {
  list(greater = selection(yi, vi, "greater", .025), less = selection(yi, vi, "less", .025),
       two_sided = selection(yi, vi, "two.sided", .05))
}

# --- Excess significance ---------------------------------------------------------------------

# P(at least `observed`) by multiplying out prod (1 - p + p s).
at_least <- function(power, observed) {
  probability <- 1
  for (p in power) probability <- c(probability * (1 - p), 0) + c(0, probability * p)
  sum(probability[seq(observed + 1, length(probability))])
}

power_of <- function(theta, tau2, vi, alternative, critical) {
  sapply(sqrt(vi), function(se) {
    at <- function(x) {
      (if (alternative != "less") pnorm(critical, x / se, lower.tail = FALSE) else 0) +
        (if (alternative != "greater") pnorm(-critical, x / se) else 0)
    }
    if (tau2 == 0) return(at(theta))
    tau <- sqrt(tau2)
    edges <- theta + tau * c(-38, -12, -6, -3, -1, 0, 1, 3, 6, 12, 38)
    edges <- sort(c(edges, critical * se * c(-1, 1)))
    sum(mapply(function(low, high) if (high > low)
                 integrate(function(x) at(x) * dnorm(x, theta, tau), low, high, rel.tol = 1e-12,
                           abs.tol = 1e-15, subdivisions = 1000)$value else 0,
               head(edges, -1), tail(edges, -1)))
  })
}

excess <- function(yi, vi, method, alternative) {
  fit <- tight_fit(yi, vi, method, "z")$fit
  theta <- as.numeric(fit$b)
  k <- length(yi)
  given <- if (fit$tau2 > 0) fit$tau2 else NULL
  run <- function(test) {
    tes(yi, vi, theta = theta, tau2 = given, alternative = sub("_", ".", alternative), test = test,
        rel.tol = 1e-10, subdivisions = 1000, find.lim = FALSE, progbar = FALSE)
  }
  chi2 <- run("chi2")
  critical <- qnorm(if (alternative == "two_sided") .975 else .95)
  power <- power_of(theta, fit$tau2, vi, alternative, critical)
  tes <- c(expected = chi2$E, chi2 = number(chi2$X2), p_chi2 = chi2$pval,
           p_binomial = run("binom")$pval)
  if (k <= 16) tes["p_exact"] <- run("exact")$pval
  out <- list(observed = chi2$O, tes = as.list(signif(tes, 11)),
              expected = sum(power),
              p_binomial = binom.test(chi2$O, k, p = sum(power) / k, alternative = "greater")$p.value,
              p_exact = at_least(power, chi2$O))
  common <- weighted.mean(yi, 1 / vi)
  directed <- sum(sign(common) * yi / sqrt(vi) >= qnorm(.975))
  share <- pnorm((abs(common) - qnorm(.975) * sqrt(vi)) / sqrt(vi + fit$tau2))
  out$observed_directed <- directed
  out$expected_directed <- sum(share)
  out$tess_z <- ((directed - sum(share)) / k - .05) / sqrt(.05 * .95 / k)
  out$psst_z <- (directed / k - mean(share)) / sqrt(mean(share) * (1 - mean(share)) / k)
  out
}

excesses <- function(yi, vi) {
  mapply(function(method, alternative) {
    c(list(method = method, alternative = alternative), excess(yi, vi, method, alternative))
  }, c("FE", "DL", "REML", "DL", "DL"), c(rep("two_sided", 3), "greater", "less"),
  SIMPLIFY = FALSE, USE.NAMES = FALSE)
}

# --- Fail-safe N -----------------------------------------------------------------------------

fail_safe <- function(yi, vi) {
  one <- function(...) fsn(yi, vi, ...)$fsnum
  list(rosenthal = one(type = "Rosenthal"), orwin = one(type = "Orwin"),
       orwin_weighted = one(type = "Orwin", weighted = TRUE),
       orwin_target = one(type = "Orwin", target = .05), rosenberg = one(type = "Rosenberg"),
       rosenthal_01 = one(type = "Rosenthal", alpha = .01),
       rosenberg_01 = one(type = "Rosenberg", alpha = .01))
}

# --- p-uniform* ------------------------------------------------------------------------------

# Log-likelihood of van Aert & van Assen 2018 at mu and tau2, studies significant above.
conditional <- function(mu, tau2, yi, vi) {
  sd <- sqrt(vi + tau2)
  critical <- qnorm(.975) * sqrt(vi)
  above <- yi >= critical
  sum(dnorm(yi, mu, sd, log = TRUE) -
        ifelse(above, pnorm(critical, mu, sd, lower.tail = FALSE, log.p = TRUE),
               pnorm(critical, mu, sd, log.p = TRUE)))
}

# Highest value of a function of one number: the best of `points`, then a search around it.
highest <- function(f, points) {
  points <- sort(unique(points))
  values <- sapply(points, f)
  at <- which.max(values)
  edges <- points[c(max(1, at - 1), min(length(points), at + 1))]
  found <- optimize(f, edges, maximum = TRUE, tol = 1e-10)
  if (values[at] >= found$objective) list(at = points[at], value = values[at])
  else list(at = found$maximum, value = found$objective)
}

p_uniform <- function(yi, vi) {
  ll <- function(mu, tau2) conditional(mu, tau2, yi, vi)
  spread <- diff(range(yi)) + sqrt(max(vi))
  tau2s <- c(0, min(vi) * 4^(-3:12))
  tau2s <- tau2s[tau2s < 64 * spread^2]
  starts <- expand.grid(mu = seq(min(yi) - spread, max(yi) + spread, length.out = 25), tau2 = tau2s)
  heights <- mapply(ll, starts$mu, starts$tau2)
  best <- list(objective = Inf)
  for (i in head(order(-heights), 12)) {
    fit <- nlminb(c(starts$mu[i], starts$tau2[i]), function(p) -ll(p[1], p[2]), lower = c(-Inf, 0),
                  scale = 1 / c(spread, max(starts$tau2[i], min(vi))),
                  control = list(rel.tol = 1e-15, x.tol = 1e-15, eval.max = 5e3, iter.max = 5e3))
    if (fit$objective < best$objective) best <- fit
  }
  mu <- best$par[1]
  tau2 <- best$par[2]
  if (abs(mu) > max(abs(yi)) + 20 * spread) return(list(error = "no maximum"))
  top <- -best$objective
  at_mu <- function(m) {
    highest(function(t) ll(m, t^2), c(seq(0, 8 * spread, length.out = 60), sqrt(c(tau2s, tau2))))$value
  }
  at_tau2 <- function(t) {
    highest(function(m) ll(m, t), mu + spread * sinh(seq(-10, 10, length.out = 401)))$value
  }
  floor <- top - qchisq(.95, 1) / 2
  crossing <- function(profile, from, to) {
    if (profile(to) >= floor) return(NA)
    uniroot(function(x) profile(x) - floor, sort(c(from, to)), tol = 1e-12, maxiter = 500)$root
  }
  random <- tight_fit(yi, vi, "PM", "z")$fit
  list(k_significant = sum(yi >= qnorm(.975) * sqrt(vi)), estimate = mu, tau2 = tau2,
       log_likelihood = top, ci_low = crossing(at_mu, mu, mu - 10 * spread),
       ci_high = crossing(at_mu, mu, mu + 10 * spread), statistic = 2 * (top - at_mu(0)),
       tau2_ci_low = if (at_tau2(0) >= floor) 0 else crossing(at_tau2, tau2, 0),
       tau2_ci_high = crossing(at_tau2, tau2, 64 * spread^2),
       bias_statistic = 2 * (top - ll(as.numeric(random$b), random$tau2)))
}

# --- Counts ----------------------------------------------------------------------------------

count_test <- function(y, x, v) {
  fit <- line(y, x, v)
  list(bias = fit[2, 1], bias_se = fit[2, 2], statistic = fit[2, 3], p_value = fit[2, 4],
       limit_estimate = fit[1, 1], limit_se = fit[1, 2])
}

tables <- function() {
  columns <- function(data, ai, n1, ci, n2) {
    list(ai = data[[ai]], n1 = data[[n1]], ci = data[[ci]], n2 = data[[n2]])
  }
  bcg <- with(dat.bcg, list(ai = tpos, n1 = tpos + tneg, ci = cpos, n2 = cpos + cneg))
  list(dat.bcg = bcg,
       dat.collins1985b = columns(dat.collins1985b, "pre.xti", "pre.nti", "pre.xci", "pre.nci"),
       dat.hine1989 = columns(dat.hine1989, "ai", "n1i", "ci", "n2i"),
       dat.lee2004 = columns(dat.lee2004, "ai", "n1i", "ci", "n2i"),
       dat.linde2005 = columns(dat.linde2005, "ai", "n1i", "ci", "n2i"),
       dat.nielweise2007 = columns(dat.nielweise2007, "ai", "n1i", "ci", "n2i"),
       dat.viechtbauer2021 = columns(dat.viechtbauer2021, "xTi", "nTi", "xCi", "nCi"))
}

count_tests <- function(table) {
  given <- lapply(table, as.numeric)
  kept <- with(given, !is.na(ai + n1 + ci + n2) & ai + ci > 0 & ai + ci < n1 + n2)
  counts <- lapply(given, function(column) column[kept])
  with(counts, {
    bi <- n1 - ai
    di <- n2 - ci
    n <- n1 + n2
    m <- ai + ci
    z <- ai - m * n1 / n
    v <- n1 * n2 * m * (n - m) / (n^2 * (n - 1))
    add <- ifelse(ai == 0 | bi == 0 | ci == 0 | di == 0, .5, 0)
    log_or <- log((ai + add) * (di + add) / (bi + add) / (ci + add))
    c(given, list(k = sum(kept), harbord = count_test(z / v, 1 / sqrt(v), 1 / v),
                  peters = count_test(log_or, 1 / n, 1 / m + 1 / (n - m))))
  })
}

# --- Standardised mean differences with group sizes ------------------------------------------

smd <- function() {
  strokes <- escalc(measure = "SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i,
                    n2i = n2i, data = dat.normand1999)
  asthma <- escalc(measure = "SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i,
                   n2i = n2i, data = subset(dat.gibson2002, !is.na(m1i)))
  lapply(list(dat.normand1999 = strokes, dat.gibson2002 = asthma), function(data) {
    yi <- as.numeric(data$yi)
    vi <- as.numeric(data$vi)
    w <- 1 / data$n1i + 1 / data$n2i
    list(yi = yi, vi = vi, n1 = data$n1i, n2 = data$n2i,
         lm = list(vi = egger_lm(yi, sqrt(w), vi), n = egger_lm(yi, sqrt(w), w)),
         random = list(vi = egger_random(yi, sqrt(w), vi), n = egger_random(yi, sqrt(w), w)))
  })
}

# --- Writing ---------------------------------------------------------------------------------

write <- function(value, name) {
  text <- toJSON(value, digits = NA, auto_unbox = TRUE, na = "null", null = "null")
  writeLines(text, file.path(folder, paste0(name, ".json")))
}

parts <- list(egger = egger, begg = begg, trim_and_fill = trim_and_fill, pet_peese = pet_peese,
              limit = limits, selection = selections, excess = excesses, fail_safe = fail_safe,
              p_uniform = function(yi, vi) list(greater = p_uniform(yi, vi),
                                                less = p_uniform(-yi, vi)))
names <- sub("\\.json$", "", list.files(effects_folder, pattern = "^dat\\..*\\.json$"))
wanted <- if (length(arguments) > 1) arguments[-1] else names(parts)
for (part in wanted) {
  cat(part, "\n")
  results <- list()
  for (name in names) {
    data <- fromJSON(file.path(effects_folder, paste0(name, ".json")))
    if (length(data$yi) >= 3) results[[name]] <- parts[[part]](data$yi, data$vi)
  }
  write(results, part)
}
write(lapply(tables(), count_tests), "counts")
write(smd(), "egger_smd")
write(list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
           metadat = as.character(packageVersion("metadat")),
           jsonlite = as.character(packageVersion("jsonlite"))), "versions")
