# Prints one of the facts at the head of bench.json: -v name=date. To be used with records.awk in front.
function fact(key, value) { if (key == name) print value }
function measure() {}
