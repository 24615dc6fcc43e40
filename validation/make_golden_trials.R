# Makes tests/data/imports/trials.json: the pools of the made-up sheets of trials beside it, by
# metafor. Run from the root of the project:
#
#   Rscript validation/make_golden_trials.R

suppressMessages({
  library(metafor)
  library(jsonlite)
})

folder <- file.path("tests", "data", "imports")
numbers <- function(x) as.numeric(x)
pooled <- function(yi, vi) {
  fit <- rma(yi, vi, method = "REML", control = list(threshold = 1e-12, maxiter = 1000))
  list(yi = numbers(yi), vi = numbers(vi), estimate = numbers(fit$beta), se = fit$se,
       tau2 = fit$tau2)
}

counts <- subset(read.csv(file.path(folder, "ratios_with_counts.csv")), factor == "Shift work")
by_measure <- function(measure) {
  effects <- escalc(measure, ai = n_cases_exp, bi = n_controls_exp, ci = n_cases_nexp,
                    di = n_controls_nexp, data = counts)
  pooled(effects$yi, effects$vi)
}

# The SD at baseline is the SD of change / sqrt(2 (1 - r)). Both arms have one correlation, so that
# d is that of the changes times sqrt(2 (1 - r)), and its variance that times 2 (1 - r).
changes <- read.csv(file.path(folder, "mean_changes.csv"))
baseline <- function(sd) sd / sqrt(2 * (1 - changes$pre_post_cor))
by_baseline <- escalc("SMD", m1i = mean_change_cases, m2i = mean_change_controls,
                      sd1i = baseline(sd_change_cases), sd2i = baseline(sd_change_controls),
                      n1i = n_cases, n2i = n_controls, data = changes)
by_change <- escalc("SMD", m1i = mean_change_cases, m2i = mean_change_controls,
                    sd1i = sd_change_cases, sd2i = sd_change_controls,
                    n1i = n_cases, n2i = n_controls, data = changes)

rates <- read.csv(file.path(folder, "rates.csv"), sep = ";", dec = ",")
irr <- escalc("IRR", x1i = n_cases_exp, t1i = time_exp, x2i = n_cases_nexp, t2i = time_nexp,
              data = rates)

write_json(
  list(
    odds_ratios = by_measure("OR"),
    risk_ratios = by_measure("RR"),
    mean_changes = pooled(by_baseline$yi, 2 * (1 - changes$pre_post_cor) * by_change$vi),
    rates = pooled(irr$yi, irr$vi),
    versions = list(R = as.character(getRversion()),
                    metafor = as.character(packageVersion("metafor")))
  ),
  file.path(folder, "trials.json"), digits = NA, auto_unbox = TRUE, pretty = TRUE)
