# R's data.table on the jobs of the benchmark: from CSV only, it has no file format of its own.
#     Rscript data_table.R JOB INPUT OUTPUT THREADS ROUNDS       JOB: ingest, csv
suppressPackageStartupMessages(library(data.table))
arguments <- commandArgs(trailingOnly = TRUE)
job <- arguments[1]; input <- arguments[2]; output <- arguments[3]
setDTthreads(as.integer(arguments[4]))
coefficients <- fread(Sys.getenv("HRA_BENCH_COEFFICIENTS"))
mg_per_mmol <- 0.02586

# 1 - S0 ^ exp(lp - mean) is 1 - exp(-exp(lp + constant)); each sex by itself, so that nothing is computed twice.
risks_of <- function(d, male_rows, k) {
  r <- numeric(nrow(d))
  for (sex_male in 0:1) {
    c <- coefficients[model == k & male == sex_male]
    i <- male_rows[[sex_male + 1]]
    lp <- c$age * d$ln_age[i] + c$tc * d$ln_tc[i] + c$hdl * d$ln_hdl[i] + c$smoker * d$smoker[i] + c$diabetes * d$diabetes[i] +
      ifelse(d$bp_treated[i] == 1, c$sbp_treated, c$sbp_untreated) * d$ln_sbp[i] + (log(-log(c$survival)) - c$mean)
    r[i] <- 1 - exp(-exp(lp))
  }
  r
}

score <- function() {
  d <- fread(input, select = c("person_id", "sex", "age", "tc", "hdl", "sbp", "bp_treated", "smoking_status", "diabetes"),
             na.strings = "", colClasses = list(integer = "person_id"))
  d[, `:=`(ln_age = log(age), ln_tc = log(tc / mg_per_mmol), ln_hdl = log(hdl / mg_per_mmol), ln_sbp = log(sbp),
           smoker = as.numeric(smoking_status == "current"))]
  male_rows <- list(which(d$sex == "female"), which(d$sex == "male"))
  out <- d[, .(person_id)]
  for (k in 0:9) set(out, j = paste0("risk_", k), value = risks_of(d, male_rows, k))
  fwrite(out, output)
}

work <- if (job == "csv") score else function() invisible(fread(input, na.strings = ""))
seconds <- sapply(seq_len(as.integer(arguments[5])), function(round) {
  unlink(output)
  start <- proc.time()[["elapsed"]]
  work()
  proc.time()[["elapsed"]] - start
})
peak <- as.numeric(gsub("[^0-9]", "", grep("VmHWM", readLines("/proc/self/status"), value = TRUE)))
cat(sprintf('{"engine":"data.table","version":"%s","seconds":%.4f,"peak_kib":%.0f}\n', packageVersion("data.table"),
            min(seconds), peak))
