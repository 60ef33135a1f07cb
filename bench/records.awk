# Reads bench.json, one measure a line, into field[name] and calls measure() for each, fact(name, value) for what stands
# before them. To be used in front of another script: awk -f records.awk -f table.awk bench.json
function unquoted(text) { gsub(/^[ "]+|[", \]}]+$/, "", text); return text }
# Splits {"a":"x, y","b":2} into field[]; texts hold no quotes and no backslashes.
function split_record(line,    key, value) {
    delete field
    while (match(line, /"[a-z_0-9]+": *("[^"]*"|[^,}"]+)/)) {
        key = substr(line, RSTART + 1, RLENGTH - 1)
        line = substr(line, RSTART + RLENGTH)
        value = key
        sub(/".*/, "", key)
        sub(/^[^"]*": */, "", value)
        field[key] = unquoted(value)
    }
}
/^{"section"/ { split_record($0); measure(); next }
/^{?"[a-z_]+":/ { split_record($0); for (key in field) fact(key, field[key]) }
