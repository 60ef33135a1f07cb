/* The operations of the expression graph, one row each:
 *     OP(NAME, "text", result kind, operand kinds, "what it computes")
 * Operand kinds: N number, F flag, * any number of flags; "" none.
 * Numbers are doubles, unknown is NaN. Flags are true, false or unknown.
 * A new operation is a row here, its meaning in engine/graph/scalar.c (in judge.c
 * if it needs more than its operands) and its kernel in engine/kernels/.
 */
#ifndef HRA_GRAPH_OPERATIONS_H
#define HRA_GRAPH_OPERATIONS_H

#define HRA_OPERATIONS(OP)                                                                                             \
    /* leaves */                                                                                                       \
    OP(NUMBER, "number", NUM, "", "a constant (`number`)")                                                             \
    OP(UNKNOWN, "unknown", NUM, "", "an unknown number")                                                               \
    OP(OUTSIDE, "outside", NUM, "", "unknown because outside the published range")                                     \
    OP(INPUT, "input", NUM, "", "column `index`: number, category ordinal or day")                                     \
    OP(FLAG, "flag", FLAG, "", "a constant flag (`number`: 0, 1 or NaN)")                                              \
    OP(INPUT_FLAG, "input_flag", FLAG, "", "flag column `index`")                                                      \
    OP(STATE, "state", NUM, "", "fold body: state `index`")                                                            \
    OP(ROW_VALUE, "row_value", NUM, "", "fold body: table column `index` of the present row")                          \
    OP(CAPTURE, "capture", NUM, "", "fold body: captured outer number `index`")                                        \
    /* arithmetic: each rounds once */                                                                                 \
    OP(ADD, "+", NUM, "NN", "a + b")                                                                                   \
    OP(SUB, "-", NUM, "NN", "a - b")                                                                                   \
    OP(MUL, "*", NUM, "NN", "a * b; 0 * unknown is unknown")                                                           \
    OP(DIV, "/", NUM, "NN", "a / b; unknown when b is 0")                                                              \
    OP(NEG, "neg", NUM, "N", "-a")                                                                                     \
    OP(POW, "pow", NUM, "NN", "exp(b * ln(a)) for a > 0; 0 for a = 0 < b; else unknown")                               \
    OP(EXP, "exp", NUM, "N", "engine/graph/exponential.inc.h")                                                         \
    OP(LN, "ln", NUM, "N", "SLEEF finz u10; unknown for a <= 0")                                                       \
    OP(SQRT, "sqrt", NUM, "N", "unknown for a < 0")                                                                    \
    OP(ABS, "abs", NUM, "N", "|a|")                                                                                    \
    OP(FLOOR, "floor", NUM, "N", "largest whole number <= a")                                                          \
    OP(CEIL, "ceil", NUM, "N", "smallest whole number >= a")                                                           \
    OP(TRUNC, "trunc", NUM, "N", "towards zero")                                                                       \
    OP(ROUND, "round", NUM, "N", "to `index` decimals, half away from zero (see scalar.c)")                            \
    OP(MIN, "min", NUM, "NN", "smaller; unknown if either is")                                                         \
    OP(MAX, "max", NUM, "NN", "larger; unknown if either is")                                                          \
    OP(YEARS_BETWEEN, "years_between", NUM, "NN", "completed years from day a to day b")                               \
    /* choice */                                                                                                       \
    OP(SELECT, "select", NUM, "FNN", "b if a is true, c if false, unknown if unknown")                                 \
    OP(FIRST_KNOWN, "first_known", NUM, "NN", "a if known, else b")                                                    \
    OP(SUBSTITUTE, "substitute", NUM, "NN", "as first_known; taking b marks the result substituted")                   \
    OP(FROM_FLAG, "from_flag", NUM, "F", "1, 0 or unknown")                                                            \
    OP(COUNT, "count", NUM, "*", "how many flags are true; unknown if any is unknown")                                 \
    OP(STEP, "step", NUM, "N", "step function `index` (points, bands)")                                                \
    OP(GATHER, "gather", NUM, "N", "entry a (a whole number) of table `index`; unknown outside it")                    \
    OP(FOLD_OUT, "fold_out", NUM, "", "emit `b` of fold `index`")                                                      \
    /* flags: Kleene logic */                                                                                          \
    OP(LT, "<", FLAG, "NN", "unknown if either is")                                                                    \
    OP(LE, "<=", FLAG, "NN", "")                                                                                       \
    OP(EQ, "==", FLAG, "NN", "")                                                                                       \
    OP(NE, "!=", FLAG, "NN", "")                                                                                       \
    OP(AND, "and", FLAG, "FF", "false if either is false, else unknown if either is")                                  \
    OP(OR, "or", FLAG, "FF", "true if either is true, else unknown if either is")                                      \
    OP(NOT, "not", FLAG, "F", "")                                                                                      \
    OP(SELECT_FLAG, "select_flag", FLAG, "FFF", "as select")                                                           \
    OP(FIRST_KNOWN_FLAG, "first_known_flag", FLAG, "FF", "")                                                           \
    OP(SUBSTITUTE_FLAG, "substitute_flag", FLAG, "FF", "")                                                             \
    OP(KNOWN, "known", FLAG, "N", "never unknown")                                                                     \
    OP(KNOWN_FLAG, "known_flag", FLAG, "F", "never unknown")                                                           \
    OP(IS_TRUE, "is_true", FLAG, "F", "true if true, else false; never unknown")                                       \
    OP(COUNT_AT_LEAST, "count_at_least", FLAG, "*",                                                                    \
       "true if the true flags reach `number`, false if true and unknown ones together do not, else unknown")

#endif
