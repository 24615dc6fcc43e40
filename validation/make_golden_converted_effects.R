# Pools with effects that a conversion brings to the scale, and without them, by metafor.
#
#   Rscript validation/make_golden_converted_effects.R tests/data/converted_effects/pools.json

suppressPackageStartupMessages({
  library(metafor)
  library(jsonlite)
})

risk <- 0.2
z <- qnorm(0.975)

# Made-up effects as a paper prints them; `both` prints two of them, the odds ratio of more trials.
printed <- read.csv(strip.white = TRUE, colClasses = c(estimate = "character",
    ci_low = "character", ci_high = "character"), text = "
meta_analysis,outcome,measure,n_comparisons,estimate,ci_low,ci_high
first,symptom,hedges_g,10,0.40,0.20,0.60
second,symptom,hedges_g,8,0.25,0.05,0.45
third,symptom,hedges_g,12,0.62,0.30,0.94
fourth,symptom,odds_ratio,9,2.00,1.50,2.67
fifth,symptom,odds_ratio,7,3.40,1.90,6.08
first,response,risk_ratio,10,1.50,1.20,1.88
second,response,risk_ratio,8,1.20,1.00,1.44
third,response,risk_ratio,12,1.90,1.30,2.78
fourth,response,odds_ratio,9,2.00,1.50,2.67
both,response,odds_ratio,20,2.60,1.40,4.83
both,response,risk_ratio,6,1.40,1.10,1.78")

values <- function(rows) data.matrix(sapply(rows[c("estimate", "ci_low", "ci_high")], as.numeric))
se <- function(limits) (limits[, "ci_high"] - limits[, "ci_low"]) / (2 * z)

# Each returns effects with their variances.
smd <- function(rows) data.frame(yi = values(rows)[, "estimate"], vi = se(values(rows))^2)
log_ratio <- function(rows, change = identity) {
  limits <- log(change(values(rows)))
  data.frame(yi = limits[, "estimate"], vi = se(limits)^2)
}
smd_from_or <- function(rows, factor) {
  own <- log_ratio(rows)
  data.frame(yi = own$yi * factor, vi = own$vi * factor^2)
}
rr_from_or <- function(rows) log_ratio(rows, function(or) or / (1 - risk + risk * or))
or_from_rr <- function(rows) log_ratio(rows, function(rr) rr * (1 - risk) / (1 - risk * rr))

pooled <- function(effects) {
  fit <- rma(yi, vi, data = effects, method = "REML", test = "adhoc",
             control = list(threshold = 1e-12, maxiter = 10000))
  list(k = fit$k, estimate = as.numeric(fit$b), ci_low = fit$ci.lb, ci_high = fit$ci.ub,
       tau2 = fit$tau2)
}

rows <- function(outcome, measure, without = character()) {
  printed[printed$outcome == outcome & printed$measure == measure &
            !printed$meta_analysis %in% without, ]
}

scores <- smd(rows("symptom", "hedges_g"))
odds_as_scores <- rows("symptom", "odds_ratio")
ratios <- rows("response", "risk_ratio", "both")
odds <- rows("response", "odds_ratio")
golden <- list(
  version = paste0("R ", getRversion(), ", metafor ", packageVersion("metafor")),
  baseline_risk = risk,
  printed = printed,
  pools = list(
    scores = list(
      pooled = pooled(rbind(scores, smd_from_or(odds_as_scores, sqrt(3) / pi))),
      cox = pooled(rbind(scores, smd_from_or(odds_as_scores, 1 / 1.65))),
      left_out = pooled(scores)),
    risks = list(
      pooled = pooled(rbind(log_ratio(ratios), rr_from_or(odds))),
      left_out = pooled(log_ratio(rows("response", "risk_ratio")))),
    odds = list(
      pooled = pooled(rbind(log_ratio(odds), or_from_rr(ratios))),
      left_out = pooled(log_ratio(odds)))))
writeLines(toJSON(golden, digits = NA, auto_unbox = TRUE, pretty = TRUE),
           commandArgs(trailingOnly = TRUE)[1])
