# The coefficients of bench/ten_models.hra as CSV, so that the peers compute what the definitions say:
#     awk -f bench/peers/coefficients.awk bench/ten_models.hra
function before(text, mark,    at, number) { # the signed number that stands before MARK
    at = index(text, mark)
    if (!at) { print "coefficients.awk: no " mark " in " text >"/dev/stderr"; bad = 1; exit 1 }
    number = substr(text, 1, at - 1)
    match(number, /[-+]?[0-9.]+$/)
    return substr(number, RSTART, RLENGTH) + 0
}
function after(text, mark) { return substr(text, index(text, mark) + length(mark)) + 0 }
BEGIN { OFS = ","; OFMT = CONVFMT = "%.17g"; print "model,male,age,tc,hdl,sbp_untreated,sbp_treated,smoker,diabetes,survival,mean" }
/^model / { model = substr($2, length("ten_") + 1) }
/stratum sex ==/ { male = $4 == "male" ? 1 : 0; text = ""; inside = 1 }
inside { line = $0; sub(/#.*/, "", line); gsub(/[ \t]/, "", line); text = text line }
inside && /^  }/ {
    inside = 0
    print model, male, before(text, "*ln(age)"), before(text, "*ln(tc["), before(text, "*ln(hdl["),
          before(text, ")*ln(sbp)"), after(text, "if(bp_treated,"), before(text, "*smoker"), before(text, "*diabetes"),
          after(text, "risk=1-"), -before(text, ")}")
}
END { exit bad }
