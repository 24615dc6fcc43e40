# Intervals and tests of generated data in R; called by compare_generated.py.
#
#   Rscript validation/fit_generated.R data.json fits.json
#
# Where metafor has no such method, it is written out here in other words than the engine's: matrix
# algebra for Kenward-Roger, optimize and uniroot for profiles, lm for the tests, nlminb for p-uniform*.

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "metafor_fits.R"))
paths <- commandArgs(trailingOnly = TRUE)

around <- function(center, se, df = Inf) center + c(-1, 1) * qt(.975, df) * se
named <- function(name, limits) setNames(as.list(limits), paste0(name, c("_low", "_high")))

# Kenward & Roger 1997 for y = 1 mu + e, V = diag(v) + tau2 I, with projections as matrices.
kenward_roger <- function(vi, tau2) {
  w <- diag(1 / (vi + tau2))
  one <- matrix(1, length(vi), 1)
  phi <- solve(t(one) %*% w %*% one)
  p <- w - w %*% one %*% phi %*% t(one) %*% w
  variance_tau2 <- 2 / sum(p * t(p))
  p1 <- -t(one) %*% w %*% w %*% one
  q11 <- t(one) %*% w %*% w %*% w %*% one
  adjusted <- phi + 2 * phi %*% (variance_tau2 * (q11 - p1 %*% phi %*% p1)) %*% phi
  list(se = sqrt(as.numeric(adjusted)), df = as.numeric(2 / (variance_tau2 * (phi %*% p1)^2)),
       df_meta = as.numeric(2 / (variance_tau2 * (adjusted %*% p1)^2))) # of R package meta 8.3
}

# Limits of the mean where its profile likelihood has fallen by half a chi-square quantile.
profile_limits <- function(yi, vi) {
  ll <- function(mu, tau2) sum(dnorm(yi, mu, sqrt(vi + tau2), log = TRUE))
  roof <- 4 * (diff(range(yi))^2 + max(vi))
  at <- function(mu) {
    edges <- c(0, roof * 4^-(12:0)) # one bracket per piece: there can be several maxima
    found <- sapply(seq_along(edges)[-1], function(j) {
      optimize(function(t) ll(mu, t), edges[c(j - 1, j)], maximum = TRUE, tol = 1e-13)$objective
    })
    max(found, ll(mu, 0))
  }
  fit <- tight_fit(yi, vi, "ML", "z")$fit
  floor <- ll(as.numeric(fit$b), fit$tau2) - qchisq(.95, 1) / 2
  side <- function(sign) {
    step <- sign * fit$se
    outside <- as.numeric(fit$b) + 2 * step
    while (at(outside) > floor) outside <- outside + step
    uniroot(function(m) at(m) - floor, sort(c(as.numeric(fit$b), outside)), tol = 1e-13)$root
  }
  c(side(-1), side(1))
}

intervals <- function(yi, vi) {
  k <- length(yi)
  fits <- lapply(TESTS, function(test) tight_fit(yi, vi, "REML", test)$fit)
  mu <- as.numeric(fits$z$b)
  tau2 <- fits$z$tau2
  wide <- function(fit) fit$ci.ub - fit$ci.lb
  limits <- function(fit) c(fit$ci.lb, fit$ci.ub)
  dl <- rma(yi, vi, method = "DL")
  kr <- kenward_roger(vi, tau2)
  predicted <- function(se, df) around(mu, sqrt(tau2 + se^2), df)
  found <- c(
    named("HK", limits(fits$HK)), named("HK_adhoc", limits(fits$HK_adhoc)),
    named("HK_ci", limits(if (wide(fits$HK) < wide(fits$z)) fits$z else fits$HK)),
    named("HK_iqwig6", limits(if (wide(fits$HK) < wide(dl)) fits$t else fits$HK)),
    named("pi_HTS", predicted(fits$z$se, k - 2)), named("pi_V", predicted(fits$z$se, k - 1)),
    named("pi_HK", predicted(fits$HK$se, k - 1)), named("PL", profile_limits(yi, vi)))
  # below 0.0045 df the quantile nears the end of floating point: there are no limits
  for (df in c("df", "df_meta")) {
    name <- c(df = "KR", df_meta = "KR_meta")[[df]]
    if (kr[[df]] > .005) found <- c(found, named(name, around(mu, kr$se, kr[[df]])),
                                    named(paste0("pi_", name), predicted(kr$se, kr[[df]])))
  }
  found
}

egger_smd <- function(yi, vi, n1, n2) {
  fit <- summary(lm(yi ~ sqrt(1 / n1 + 1 / n2), weights = 1 / vi))$coefficients
  list(smd_bias = fit[2, 1], smd_statistic = fit[2, 3], smd_p = fit[2, 4])
}

# Ruecker and others 2011, the generalised radial plot by matrix algebra, adjustment beta0. With DL:
# metafor's REML stops at a tau2 near 1e-16 where it is 0, and the estimate moves with its root.
limit_meta <- function(yi, vi) {
  tau2 <- rma(yi, vi, method = "DL")$tau2
  s <- sqrt(vi + tau2)
  x <- cbind(s, 1)
  w <- diag(1 / s^2)
  inverse <- solve(t(x) %*% w %*% x)
  b <- as.numeric(inverse %*% t(x) %*% w %*% yi)
  a <- c(sqrt(tau2), 1)
  estimate <- sum(a * b)
  se <- sqrt(as.numeric(t(a) %*% inverse %*% a))
  c(list(limit_estimate = estimate, limit_se = se), named("limit", around(estimate, se)))
}

# van Aert & van Assen 2018: highest of the maxima that nlminb reaches from a lattice of starts.
p_uniform_star <- function(yi, vi) {
  critical <- qnorm(.975) * sqrt(vi)
  hit <- yi >= critical
  minus <- function(p) {
    s <- sqrt(vi + exp(p[2]))
    u <- ifelse(hit, -1, 1) * (critical - p[1]) / s
    -sum(dnorm(yi, p[1], s, log = TRUE) - pnorm(u, log.p = TRUE))
  }
  spread <- diff(range(yi)) + sqrt(min(vi))
  starts <- expand.grid(mean(yi) + spread * c(-1, -.3, 0, .3), log(spread^2 * c(1e-4, .05, .3)))
  found <- apply(starts, 1, function(s) {
    nlminb(s, minus, lower = c(-Inf, -40), control = list(rel.tol = 1e-14, iter.max = 2000))
  })
  best <- found[[which.min(sapply(found, function(f) f$objective))]]
  list(puniform_height = -best$objective, puniform_estimate = best$par[1],
       puniform_away = abs(best$par[1]) > 50 * spread)
}

counts <- function(ai, n1, ci, n2) {
  line <- function(fit, name, row) {
    c <- summary(fit)$coefficients[row, ]
    setNames(as.list(c[c(1, 3, 4)]), paste0(name, c("_bias", "_statistic", "_p")))
  }
  n <- n1 + n2
  m <- ai + ci
  score <- ai - m * n1 / n
  v <- n1 * n2 * m * (n - m) / (n^2 * (n - 1))
  add <- ifelse(ai * ci * (n1 - ai) * (n2 - ci) == 0, .5, 0)
  log_or <- qlogis((ai + add) / (n1 + 2 * add)) - qlogis((ci + add) / (n2 + 2 * add))
  c(line(lm(I(score / sqrt(v)) ~ sqrt(v)), "harbord", 1), # radial form: the intercept is the bias
    line(lm(log_or ~ I(1 / n), weights = m * (n - m) / n), "peters", 2))
}

data <- fromJSON(paths[1], simplifyDataFrame = FALSE)
results <- lapply(data, function(set) {
  with(set, c(intervals(yi, vi), egger_smd(yi, vi, n1, n2), limit_meta(yi, vi),
              p_uniform_star(yi, vi), counts(ai, n1, ci, n2)))
})
version <- paste0("R ", getRversion(), ", metafor ", packageVersion("metafor"))
writeLines(toJSON(list(version = version, fits = results), digits = NA, auto_unbox = TRUE), paths[2])
