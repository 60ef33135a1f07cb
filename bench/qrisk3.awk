# Writes the formulas of a definition of QRISK3 as plain scalar C, one function a sex: what a programmer would write
# from the paper, without the engine.    awk -f bench/qrisk3.awk models/cautioned/qrisk3_2017.hra >qrisk3_formula.h
# It knows the few forms of the language that this definition uses; what is left over does not compile.
BEGIN { inputs = split("age bmi tc hdl sbp sbp_sd townsend af antipsychotic steroids migraine ra ckd mental_illness sle " \
                       "bp_treated fh_chd_premature erectile_dysfunction", input, " ") }
function reads(text, name) { return text ~ ("(^|[^a-z_0-9])" name "([^a-z_0-9]|$)") }
# case(x: a -> 1, b -> 2) and points(x: 0 -> 1, ...) become a table with x as index
function tables(text,    start, inside, head, parts, n, i, names, values) {
    while (match(text, /(case|points)\([a-z_]+:[^()]*\)/)) {
        inside = substr(text, RSTART, RLENGTH - 1)
        start = substr(text, 1, RSTART - 1)
        text = substr(text, RSTART + RLENGTH)
        sub(/^[a-z]+\(/, "", inside)
        head = substr(inside, 1, index(inside, ":") - 1)
        n = split(substr(inside, index(inside, ":") + 1), parts, ",")
        values = names = ""
        for (i = 1; i <= n; i++) {
            values = values (i > 1 ? "," : "") substr(parts[i], index(parts[i], "->") + 2)
            sub(/->.*/, "", parts[i])
            gsub(/[ \n]/, "", parts[i])
            names = names (i > 1 ? ", " : "") "\"" parts[i] "\""
            level[head, parts[i]] = i - 1
        }
        listed[head] = names
        body = "    static const double of_" head "[] = {" values "};\n" body
        text = start "of_" head "[p->" head "]" text
    }
    return text
}
function powers(text,    base) {
    while (match(text, /[0-9a-z.]+\^(-?[0-9]+|exp\(lp\))/)) {
        base = substr(text, RSTART, RLENGTH)
        sub(/\^/, ", ", base)
        text = substr(text, 1, RSTART - 1) "pow(" base ")" substr(text, RSTART + RLENGTH)
    }
    return text
}
function comparisons(text,    pair, part) {
    while (match(text, /\([a-z_]+ == [a-z_0-9]+\)/)) {
        pair = substr(text, RSTART + 1, RLENGTH - 2)
        split(pair, part, " == ")
        pair = "(p->" part[1] "==" (part[2] ~ /^[0-9]+$/ ? part[2] : level[part[1], part[2]]) ")"
        text = substr(text, 1, RSTART - 1) pair substr(text, RSTART + RLENGTH)
    }
    return text
}
function finish() {
    if (statement == "") return
    sub(/^ *let /, "    const double ", statement)
    sub(/^ *risk =/, "    return", statement)
    gsub(/ln\(/, "log(", statement)
    statement = comparisons(powers(tables(statement)))
    body = body statement ";\n"
    statement = ""
}
/^  stratum / { inside = 1; body = ""; statement = ""; sex = $4; next }
!inside { next }
/^  }/ {
    finish()
    inside = 0
    functions = functions "\nstatic double qrisk3_" sex "(const struct person *p)\n{\n"
    for (i = 1; i <= inputs; i++)
        if (reads(body, input[i])) functions = functions "    const double " input[i] " = p->" input[i] ";\n"
    functions = functions body "}\n"
    next
}
/^    (let|risk) / { finish() }
{ statement = statement (statement == "" ? "" : "\n") $0 }
END {
    print "struct person {\n    int sex, smoke_cat, ethnicity_qr, diabetes_type;"
    for (i = 1; i <= inputs; i++) print "    double " input[i] ";"
    print "};\n#define QRISK3_NUMBERS(X) \\"
    for (i = 1; i <= inputs; i++) print "    X(" input[i] ")" (i < inputs ? " \\" : "")
    print "static const char *const ethnicity_levels[] = {" listed["ethnicity_qr"] "};"
    print "static const char *const diabetes_levels[] = {" listed["diabetes_type"] "};"
    printf "%s", functions
}
