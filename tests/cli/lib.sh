# Shared by the command-line tests: source it with the binary as first argument.
#   . "$(dirname "$0")/lib.sh" "$1"
# Every test runs in a folder of its own that is removed at the end. Exit status 77 means skipped.
set -u
HRA=$(realpath "$1")
SOURCE=${HRA_SOURCE_DIR:?}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cd "$WORK" || exit 1
failures=0

fail() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}

# expect STATUS COMMAND...: runs it, output in out and err; a wrong exit status fails.
expect() {
    local want=$1 got=0
    shift
    "$@" >out 2>err || got=$?
    [ "$got" -eq "$want" ] || { fail "exit $got instead of $want: $*"; head -5 err >&2; }
}

# says FILE PATTERN: the file holds the extended regular expression.
says() { grep -qE -- "$2" "$1" || { fail "no '$2' in $1:"; head -5 "$1" >&2; }; }
silent_on() { ! grep -qE -- "$2" "$1" || { fail "'$2' stands in $1"; }; }
same() { cmp -s "$1" "$2" || fail "$1 and $2 differ"; }

# new_key FILE: a key that is the same in every run, so that a test meets the same person keys, pages and orders again;
# HRA_TEST_SEED=N gives others.
new_key() {
    (umask 077; echo "hra-key 2 $(printf '%s %s' "$1" "${HRA_TEST_SEED:-1}" | sha256sum | head -c 32 | base64)" >"$1")
}

# agree FILE...: everybody in these files of hra generate agrees to be assessed.
agree() {
    local file
    for file in "$@"; do
        awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "consent") c = i } NR > 1 { $c = 1 } 1' "$file" >agreed
        mv agreed "$file"
    done
}

# cell FILE ROW COLUMN-NAME: one cell of a CSV without quoted commas (row 1 is the first after the header).
cell() {
    awk -F, -v row="$2" -v name="$3" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i }
        NR == row + 1 { print c ? $c : "no column " name }' "$1"
}
is() { [ "$1" = "$2" ] || fail "'$1' is not '$2'${3:+ ($3)}"; }

finish() {
    if [ "$failures" -eq 0 ]; then echo "ok"; else echo "$failures failed"; exit 1; fi
}
