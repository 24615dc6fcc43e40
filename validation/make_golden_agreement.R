# Makes tests/data/agreement: Cohen's kappa and intraclass correlations by psych.
#
#   Rscript validation/make_golden_agreement.R
#
# AC1 is not in a Debian package; its values are those printed by irrCAC (see the README there).

suppressMessages({
  library(psych)
  library(jsonlite)
})

from_table <- function(table) {
  cells <- which(table > 0, arr.ind = TRUE)
  times <- table[cells]
  list(first = rep(letters[cells[, 1]], times), second = rep(letters[cells[, 2]], times))
}

kappa_case <- function(table) {
  ratings <- from_table(table)
  fit <- cohen.kappa(cbind(ratings$first, ratings$second))
  c(ratings, list(estimate = fit$kappa, se = sqrt(fit$var.kappa),
                  ci_low = fit$confid[1, 1], ci_high = fit$confid[1, 3]))
}

icc_case <- function(first, second) {
  fit <- ICC(cbind(first, second), lmer = FALSE)$results[1:3, ]
  limits <- lapply(1:3, function(i) list(estimate = fit$ICC[i], ci_low = fit[["lower bound"]][i],
                                         ci_high = fit[["upper bound"]][i]))
  list(first = first, second = second, forms = setNames(limits, c("one_way", "A1", "C1")))
}

set.seed(20)
truth <- round(rnorm(40), 2)
golden <- list(
  r = R.version.string, psych = as.character(packageVersion("psych")),
  kappa = list(
    abstractors = kappa_case(matrix(c(13, 0, 0, 0, 20, 4, 0, 7, 56), 3)),
    skewed = kappa_case(matrix(c(118, 2, 5, 0), 2)),
    four = kappa_case(matrix(c(44, 5, 1, 2, 3, 30, 6, 1, 2, 4, 25, 3, 1, 0, 2, 21), 4)),
    worse_than_chance = kappa_case(matrix(c(5, 20, 18, 7), 2))
  ),
  icc = list(
    shrout_fleiss = icc_case(c(9, 6, 8, 7, 10, 6), c(2, 1, 4, 1, 5, 2)),
    close = icc_case(truth, round(truth + rnorm(40, 0, 0.1), 2)),
    shifted = icc_case(truth, round(truth + 0.5 + rnorm(40, 0, 0.3), 2)),
    unrelated = icc_case(truth, round(rnorm(40), 2))
  )
)
write(toJSON(golden, digits = 15, auto_unbox = TRUE),
      file.path("tests", "data", "agreement", "agreement.json"))
