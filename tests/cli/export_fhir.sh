#!/usr/bin/env bash
# hra export fhir: every line is a resource of FHIR R4, and says what the run's own table says.
. "$(dirname "$0")/lib.sh" "$1"
python=/usr/bin/python3
[ -x $python ] || { echo "no python3: skipped"; exit 77; }
check() { $python "$SOURCE/tests/tools/fhir_check.py" "$1"; }

new_key house.key
expect 0 "$HRA" generate --rows 150 --seed 9 --groups 2 -o people.csv -q
agree people.csv
expect 0 "$HRA" run people.csv -o night --key house.key --as-of 2026-11-21 --ideal --no-details -q
for language in zh en; do
    expect 0 "$HRA" export fhir night --all -o $language.ndjson -l $language
    says err "150 people in $language.ndjson"
    check $language.ndjson >verdict || fail "$language: $(head -3 verdict)"
    says verdict 'Device 1 .*Provenance 150 RiskAssessment 600 faults 0'
done
is "$(stat -c %a zh.ndjson)" 600
expect 0 "$HRA" export fhir night --all -o zh.ndjson.gz -q
gzip -dc zh.ndjson.gz | sed 's/"recorded":"[^"]*"//' >unpacked
sed 's/"recorded":"[^"]*"//' zh.ndjson >plain
same plain unpacked

# the same risks, statuses and models as persons.csv; probabilities are per cent
cat >compare.py <<'END'
import csv, json, math
seen = {}
loinc = {}
for line in open('zh.ndjson', encoding='utf-8'):
    r = json.loads(line)
    if r['resourceType'] == 'RiskAssessment':
        seen[r['subject']['identifier']['value'], r['code']['coding'][0]['code']] = r
    if r['resourceType'] == 'Observation':
        codes = {c['system']: c['code'] for c in r['code']['coding']}
        loinc.setdefault(codes['urn:x-hra:variable'], set()).add(codes.get('http://loinc.org'))
known = 0
for row in csv.DictReader(open('night/persons.csv', encoding='utf-8')):
    for role in ('chd', 'stroke', 'diabetes', 'lung'):
        r = seen.pop((row['person_id'], role))
        risk = row[role + '.risk']
        if not risk:
            assert 'prediction' not in r and r['note'][0]['text'], (row['person_id'], role)
            continue
        known += 1
        p = r['prediction'][0]
        assert math.isclose(p['probabilityDecimal'], 100 * float(risk), rel_tol=1e-5), (p, risk)
        assert r['method']['coding'][0]['code'] == row[role + '.model']
        assert p['qualitativeRisk']['coding'][0]['code'] == row[role + '.category']
        assert p['whenPeriod']['start'] == '2026-11-21' and p['whenPeriod']['end'] > '2030'
        assert 'relativeRisk' not in p
        assert r['basis']
        if row[role + '.status'] != 'ok': assert r['note']
assert not seen and known > 100, known
assert loinc['sbp'] == {'8480-6'} and loinc['tc'] == {'14647-2'}, loinc
assert loinc['dbp'] == {None}, 'a code nobody confirmed'
print('equal', known)
END
$python compare.py >compared 2>&1 || fail "$(tail -2 compared)"

# the checker finds what is wrong
broken() {
    sed "$1" zh.ndjson >broken.ndjson
    cmp -s zh.ndjson broken.ndjson && fail "nothing was broken by $1"
    check broken.ndjson >verdict && fail "not found: $1"
}
broken 's/"status":"final"/"status":"done"/'
broken 's/"probabilityDecimal":/"probabilityDecimal":1000/'
broken 's/"subject":{[^}]*}},//'
broken 's/Device\/hra"},"basis/Device\/other"},"basis/'
broken 's/"recorded":"\([^T]*\)T[^"]*"/"recorded":"\1"/'
broken 's/"method":{/"algorithm":{/'
broken 's/"basis":\[[^]]*\]/"basis":[]/'
broken 's/"start":"2026-11-21"/"start":"2076-11-21"/'

# one person, another system of identifiers; nobody
person=$(sed -n 2p night/persons.csv | cut -d, -f1)
expect 0 "$HRA" export fhir night --person "$person" --system https://example.org/people -o one.ndjson -q
check one.ndjson >verdict || fail "$(head -3 verdict)"
says verdict 'RiskAssessment 4 '
says one.ndjson '"system":"https://example.org/people","value":"'"$person"
expect 4 "$HRA" export fhir night --person 00000000000000000000000000000000 -o none.ndjson -q
[ ! -e none.ndjson ] || fail "a file about nobody"
expect 2 "$HRA" export fhir night --all
expect 2 "$HRA" export hl7
is "$(find . -maxdepth 1 -name '.*' -type f | wc -l)" 0 "temporary files are left"
finish
