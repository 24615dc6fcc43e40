# Makes tests/data/incidence/pools.json: incidence rates and rate ratios of the made-up trials and
# meta-analyses beside it, whose person-time is in years, months, weeks and days, by metafor. Run
# from the root of the project:
#
#   Rscript validation/make_golden_incidence.R

suppressMessages({
  library(metafor)
  library(jsonlite)
})

folder <- file.path("tests", "data", "incidence")
years <- c("person-years" = 1, "person-months" = 1 / 12, "person-weeks" = 7 / 365.25,
           "person-days" = 1 / 365.25)
pooled <- function(yi, vi) {
  fit <- rma(yi, vi, method = "REML", test = "adhoc",
             control = list(threshold = 1e-12, maxiter = 1000))
  list(k = fit$k, yi = as.numeric(yi), vi = as.numeric(vi), estimate = as.numeric(fit$beta),
       ci_low = fit$ci.lb, ci_high = fit$ci.ub, tau2 = fit$tau2)
}

# A ratio needs no unit of time; a rate of one arm does.
trials <- read.csv(file.path(folder, "trials.csv"))
ratios <- escalc("IRR", x1i = events_intervention, t1i = time_intervention, x2i = events_control,
                 t2i = time_control, data = trials)
timed <- subset(trials, time_unit != "")
per_arm <- escalc("IRLN", xi = events_intervention,
                  ti = time_intervention * years[timed$time_unit] / 1000, data = timed)

# Per 1000 person-years: from the interval where it is printed, else from the counts.
rates <- read.csv(file.path(folder, "rates.csv"))
amount <- as.numeric(sub("per ([0-9]+) .*", "\\1", rates$rate_unit))
time <- years[sub(".* ", "", rates$rate_unit)]
factor <- 1000 / (amount * time)
counted <- escalc("IRLN", xi = rates$events, ti = rates$person_time * time / 1000)
yi <- ifelse(is.na(rates$rate), counted$yi, log(rates$rate * factor))
vi <- ifelse(is.na(rates$rate), counted$vi,
             ((log(rates$rate_high) - log(rates$rate_low)) / (2 * qnorm(0.975)))^2)

person_years <- with(timed, (time_intervention + time_control) * years[time_unit])

write_json(
  list(
    ratios = pooled(ratios$yi, ratios$vi),
    ratios_of_sources = lapply(split(ratios, ratios$source), function(d) pooled(d$yi, d$vi)),
    rates_of_trials = pooled(per_arm$yi, per_arm$vi),
    rates = pooled(yi, vi),
    person_years = sum(person_years),
    person_years_of_sources = as.list(tapply(person_years, timed$source, sum)),
    versions = list(R = as.character(getRversion()),
                    metafor = as.character(packageVersion("metafor")))
  ),
  file.path(folder, "pools.json"), digits = NA, auto_unbox = TRUE, pretty = TRUE)
