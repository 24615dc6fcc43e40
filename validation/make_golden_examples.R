# Makes tests/data/examples: pools.json, the pools of the reviews in examples/, by metafor under the
# policies seed_paper (DerSimonian and Laird, normal limits) and recommended (REML, Hartung and
# Knapp with their floor); and rates.json, the rates of the example of prevalence with each
# meta-analysis left out, and by every estimator and interval of the multiverse: percentages as
# logits, incidence rates as logarithms of events per 1000 person-years.
# Run from the root of the project:
#
#   Rscript validation/make_golden_examples.R

suppressMessages({
  library(metafor)
  library(jsonlite)
})

tight <- list(threshold = 1e-12, tol = 1e-14, maxiter = 10000)
pooled <- function(yi, vi) {
  one <- function(method, test) {
    fit <- rma(yi, vi, method = method, test = test, control = tight)
    list(k = fit$k, estimate = as.numeric(fit$beta), ci_low = fit$ci.lb, ci_high = fit$ci.ub,
         tau2 = fit$tau2)
  }
  list(seed_paper = one("DL", "z"), recommended = one("REML", "adhoc"))
}
width <- 2 * qnorm(0.975)

effects <- read.csv("examples/risk-factors/extraction/reported_effects.csv")
ratios <- lapply(split(effects, paste(effects$outcome, effects$condition, sep = "_")), function(x) {
  if (nrow(x) > 1) pooled(log(x$estimate), (log(x$ci_high / x$ci_low) / width)^2)
})

sheet_of_rates <- read.csv("examples/prevalence/extraction/reported_rates.csv")
shares <- subset(sheet_of_rates, outcome == "prevalence")
shares$yi <- qlogis(shares$percent / 100)
shares$vi <- ((qlogis(shares$percent_high / 100) - qlogis(shares$percent_low / 100)) / width)^2
incidence <- subset(sheet_of_rates, outcome == "incidence")
per_1000_years <- c(`per 1000 person-years` = 1, `per 100 person-years` = 10,
                    `per 1000 person-months` = 12)[incidence$rate_unit]
incidence$yi <- log(incidence$rate * per_1000_years)
incidence$vi <- (log(incidence$rate_high / incidence$rate_low) / width)^2
counted <- !is.na(incidence$events)
incidence[counted, c("yi", "vi")] <- escalc(
  measure = "IRLN", xi = events, ti = person_time / 1000, data = incidence[counted, ])[c("yi", "vi")]
rates <- c(split(shares, paste("prevalence_percent", shares$condition, sep = "_")),
           split(incidence, paste("incidence_rate", incidence$condition, sep = "_")))

sheet <- read.csv("examples/trials/metaumbrella.csv")
singing <- escalc("SMD", m1i = mean_cases, m2i = mean_controls, sd1i = sd_cases, sd2i = sd_controls,
                  n1i = n_cases, n2i = n_controls, data = subset(sheet, factor == "Group singing"))
balance <- escalc("RR", ai = n_cases_exp, n1i = n_exp, ci = n_cases_nexp, n2i = n_nexp,
                  data = subset(sheet, factor == "Balance training"))
# Lower scores are better, so that arm 2 comes first: above zero favours dancing.
dancing <- escalc("SMD", m1i = mean_arm2, m2i = mean_arm1, sd1i = sd_arm2, sd2i = sd_arm1,
                  n1i = n_arm2, n2i = n_arm1, data = read.csv("examples/trials/metapsy.csv"))

folder <- file.path("tests", "data", "examples")
dir.create(folder, showWarnings = FALSE)
write_json(
  list(
    `risk-factors` = Filter(Negate(is.null), ratios),
    prevalence = lapply(rates, function(x) pooled(x$yi, x$vi)),
    trials = list(group_singing = pooled(singing$yi, singing$vi),
                  balance_training = pooled(balance$yi, balance$vi),
                  dancing = pooled(dancing$yi, dancing$vi)),
    versions = list(R = as.character(getRversion()),
                    metafor = as.character(packageVersion("metafor")))
  ),
  file.path(folder, "pools.json"), digits = NA, auto_unbox = TRUE, pretty = TRUE)

fitted <- function(fit) {
  list(k = fit$k, estimate = as.numeric(fit$beta), ci_low = fit$ci.lb, ci_high = fit$ci.ub)
}

without_each <- function(x) {
  whole <- rma(yi, vi, data = x, method = "REML", test = "adhoc", control = tight)
  left <- leave1out(whole)
  known <- data.frame(k = nrow(x) - 1, estimate = left$estimate, ci_low = left$ci.lb,
                      ci_high = left$ci.ub, tau2 = left$tau2)
  lapply(split(known, x$rate_id), as.list)
}

# Of a common effect the correlated form is a weighted mean with known covariances; metafor has the
# intervals of Hartung and Knapp for independent ones alone.
by_method <- function(x) {
  grid <- expand.grid(tau2_method = c("DL", "REML", "PM", "CE"),
                      ci_method = c("z", "t", "HK", "HK_adhoc"), stringsAsFactors = FALSE)
  tests <- c(z = "z", t = "t", HK = "knha", HK_adhoc = "adhoc")
  independent <- lapply(seq_len(nrow(grid)), function(i) {
    fit <- rma(yi, vi, data = x, method = grid$tau2_method[i], test = tests[[grid$ci_method[i]]],
               control = tight)
    c(as.list(grid[i, ]), overlap_handling = "none", fitted(fit))
  })
  V <- 0.1 * sqrt(outer(x$vi, x$vi))
  diag(V) <- x$vi
  correlated <- lapply(c("z", "t"), function(test) {
    c(list(tau2_method = "CE", ci_method = test), overlap_handling = "shared_trials_or_default",
      fitted(rma.mv(yi, V, data = x, test = test)))
  })
  c(independent, correlated)
}

write_json(
  lapply(rates, function(x) list(without = without_each(x), specifications = by_method(x))),
  file.path(folder, "rates.json"), digits = NA, auto_unbox = TRUE, pretty = TRUE)
