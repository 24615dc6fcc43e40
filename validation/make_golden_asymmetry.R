# Funnel asymmetry of three conditions of the shipped review, by metafor.
#
#   umbrella sql --format csv "$(cat validation/asymmetry_members.sql)" > members.csv
#   Rscript validation/make_golden_asymmetry.R members.csv tests/data/asymmetry/shipped.json
#
# members.csv: analysis_id, effect_id, yi, vi, n1, n2 (arms; a total alone is halved), by effect_id

suppressPackageStartupMessages({
  library(metafor)
  library(jsonlite)
})

paths <- commandArgs(trailingOnly = TRUE)
members <- read.csv(paths[1], na.strings = c("", "NULL"))

one <- function(data) {
  sized <- data[!is.na(data$n1) & !is.na(data$n2), ]
  plain <- regtest(data$yi, data$vi, model = "lm")
  same <- regtest(sized$yi, sized$vi, model = "lm")
  by_size <- summary(lm(yi ~ sqrt(1 / n1 + 1 / n2), data = sized, weights = 1 / vi))$coefficients
  filled <- trimfill(rma(data$yi, data$vi))
  # trimfill itself falls back to a normal interval.
  adhoc <- rma(filled$yi.f, filled$vi.f, test = "adhoc")
  list(
    members = setNames(as.list(data$yi), data$effect_id),
    values = list(
      egger_bias = coef(summary(plain$fit))["Xsei", 1], egger_p = plain$pval,
      egger_smd_k = nrow(sized), egger_smd_bias = by_size[2, 1], egger_smd_p = by_size[2, 4],
      egger_same_p = same$pval,
      trim_and_fill_k0 = filled$k0, trim_and_fill_side = filled$side,
      trim_and_fill_estimate = as.numeric(adhoc$b),
      trim_and_fill_ci_low = adhoc$ci.lb, trim_and_fill_ci_high = adhoc$ci.ub))
}

results <- lapply(split(members, members$analysis_id), one)
version <- paste0("R ", getRversion(), ", metafor ", packageVersion("metafor"))
writeLines(toJSON(list(version = version, analyses = results), digits = NA, auto_unbox = TRUE,
                  pretty = TRUE), paths[2])
