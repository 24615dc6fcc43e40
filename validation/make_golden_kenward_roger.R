# Makes tests/data/kenward_roger/fits.json: Kenward and Roger's variance, degrees of freedom and test
# as R package pbkrtest computes them, of REML fits with known sampling variances.
#
#   Rscript validation/make_golden_kenward_roger.R [folder of the data sets] [output folder]
#
# Needs pbkrtest (Debian: r-cran-pbkrtest), metafor and jsonlite. The data sets are those that
# make_golden.R wrote, and some with few studies, or with one far more precise than the others.
#
# lme4 cannot hold sampling variances fixed, so pbkrtest's two steps are called with the matrices of
# the meta-analysis in the place of those of a fit by lmer: the adjusted variance, then the degrees of
# freedom and the F test. pbkrtest expects at least two unknown variances; the second one here changes
# nothing (its derivative is 0), so it has no information and takes no part.

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "metafor_fits.R"))
suppressMessages({
  library(pbkrtest)
  library(Matrix)
})

arguments <- commandArgs(trailingOnly = TRUE)
input <- if (length(arguments) > 0) arguments[1] else file.path("tests", "data", "metafor")
folder <- if (length(arguments) > 1) arguments[2] else file.path("tests", "data", "kenward_roger")
dir.create(folder, recursive = TRUE, showWarnings = FALSE)

ADDED <- list(
  five_homogeneous = list(yi = c(.31, .42, .18, .55, .05), vi = c(.02, .05, .1, .15, .2)),
  two_equal = list(yi = c(.1, .9), vi = c(.05, .05)),
  two_uneven = list(yi = c(.1, .9), vi = c(.02, .2)),
  three_one_precise = list(yi = c(.1, .9, .4), vi = c(.01, .3, .4)),
  four_uneven = list(yi = c(-1, 2, .3, 4), vi = c(.001, .5, .02, 3)),
  twelve_equal = list(yi = c(.3, .1, .8, -.2, .5, .4, .9, .2, 0, .6, -.1, .7), vi = rep(.05, 12)))

kenward_roger <- function(vi, tau2, mean) {
  k <- length(vi)
  x <- Matrix(1, k, 1)
  total <- as(Diagonal(x = vi + tau2), "CsparseMatrix")
  variance <- forceSymmetric(solve(t(x) %*% solve(total) %*% x))
  nothing <- Matrix(0, k, k, sparse = TRUE)
  parts <- list(Sigma = total, G = list(Diagonal(k), nothing), n.ggamma = 2)
  adjusted <- pbkrtest:::vcovAdj_internal(variance, parts, x)
  test <- pbkrtest:::.KR_adjust(adjusted, variance, matrix(1), mean, 0)
  stopifnot(abs(test$F.scaling - 1) < 1e-6)
  list(se = sqrt(as.numeric(adjusted)), df = test$ddf, p = test$p.value)
}

fit <- function(data) {
  reml <- tight_fit(data$yi, data$vi, "REML", "z")$fit
  mean <- as.numeric(reml$b)
  kr <- kenward_roger(data$vi, reml$tau2, mean)
  around <- function(se, df) if (df > 0) mean + c(-1, 1) * qt(.975, df) * se else c(NA, NA)
  predicted <- sqrt(reml$tau2 + kr$se^2)
  list(yi = data$yi, vi = data$vi, b = mean, tau2 = reml$tau2, se = kr$se, df = kr$df, p = kr$p,
       ci = around(kr$se, kr$df), pi_KR = around(predicted, kr$df),
       pi_KR_PR = around(predicted, kr$df - 1))
}

paths <- list.files(input, pattern = "^dat\\..*[.]json$", full.names = TRUE)
sets <- lapply(paths, function(path) fromJSON(path)[c("yi", "vi")])
names(sets) <- sub("[.]json$", "", basename(paths))
versions <- sapply(c("pbkrtest", "metafor"), function(name) as.character(packageVersion(name)))
result <- list(versions = as.list(c(R = as.character(getRversion()), versions)),
               fits = lapply(c(sets, ADDED), fit))
writeLines(toJSON(result, digits = NA, auto_unbox = TRUE, na = "null", pretty = TRUE),
           file.path(folder, "fits.json"))
