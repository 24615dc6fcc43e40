# Makes tests/data/binary/incidence_rates.json: log incidence rates of one group by metafor (measure
# IRLN) and their exact intervals by poisson.test. Run from the root of the project:
#
#   Rscript validation/make_golden_rates.R

suppressMessages({
  library(metafor)
  library(jsonlite)
})

sets <- list(
  dat.nielweise2008 = with(dat.nielweise2008, list(events = x1i, person_time = t1i)),
  dat.hart1999 = with(dat.hart1999, list(events = x2i, person_time = t2i)),
  zeros = list(events = c(0, 3, 0, 240), person_time = c(10, 20, 5.5, 81000)))
levels <- c(0.9, 0.95, 0.99)

out <- lapply(sets, function(d) {
  found <- escalc(measure = "IRLN", xi = d$events, ti = d$person_time)
  level <- rep_len(levels, length(d$events))
  limits <- mapply(function(x, t, one) poisson.test(x, t, conf.level = one)$conf.int,
                   d$events, d$person_time, level)
  c(d, list(yi = as.numeric(found$yi), vi = as.numeric(found$vi), ci_level = level,
            ci_low = limits[1, ], ci_high = limits[2, ]))
})
write_json(out, file.path("tests", "data", "binary", "incidence_rates.json"), digits = NA,
           auto_unbox = TRUE, pretty = TRUE)
