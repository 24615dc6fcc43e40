# Standard errors from bounds: from the upper limit of a ratio whose lower limit was rounded to
# zero, and from a p-value that is printed as a bound (0.000 is below 0.0005).
#
#   Rscript validation/make_golden_bounds.R tests/data/bounds/standard_errors.json

suppressPackageStartupMessages(library(jsonlite))

upper_limit <- function(estimate, ci_high, ci_level) {
  list(estimate = estimate, ci_high = ci_high, ci_level = ci_level,
       se = (log(ci_high) - log(estimate)) / qnorm(1 - (1 - ci_level) / 2))
}

p_bound <- function(estimate, p_value, bound) {
  list(estimate = estimate, p_value = p_value, bound = bound,
       se = estimate / qnorm(bound / 2, lower.tail = FALSE))
}

golden <- list(
  version = paste("R", getRversion()),
  upper_limit = list(upper_limit(0.12, 0.90, 0.95), upper_limit(0.12, 0.90, 0.90)),
  p_bound = list(
    p_bound(0.40, "0.001", 0.001), p_bound(0.40, "0.000", 0.0005), p_bound(0.40, "0.00", 0.005),
    # the smallest P that software tells from zero
    p_bound(0.40, "2.2e-16", 2.3e-16)))
writeLines(toJSON(golden, digits = NA, auto_unbox = TRUE, pretty = TRUE),
           commandArgs(trailingOnly = TRUE)[1])
