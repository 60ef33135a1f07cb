"""fhir_check.py FILE.ndjson: holds every line against the elements of FHIR R4 in fhir_r4.txt: cardinalities, types,
required value sets, targets of references, and the invariants ras-1, ras-2, obs, per-1, rng-2, qty-3. References to
resources of the file must be met by it. Prints every fault and a count by type; exit status 1 after faults."""
import collections, json, os, re, sys
from decimal import Decimal

PRIMITIVE = {
    'id': r'[A-Za-z0-9\-.]{1,64}',
    'code': r'[^\s]+(\s[^\s]+)*',
    'uri': r'\S+',
    'language': r'[a-z]{2,3}(-[A-Za-z0-9]+)*',
    'string': r'[ \r\n\t\S]+',
    'dateTime': r'\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?',
    'instant': r'\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)',
}

elements = collections.defaultdict(dict)
for line in open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'fhir_r4.txt'), encoding='utf-8'):
    if line.startswith('#') or not line.strip():
        continue
    path, least, most, kind = line.split()
    parent, name = path.rsplit('.', 1)
    elements[parent][name] = (int(least), most, kind)

faults, wanted, ids, counts = [], [], set(), collections.Counter()


def fault(where, what):
    faults.append(f'{where}: {what}')


def check_reference(where, value, targets):
    check_object(where, value, 'Reference')
    kind = value.get('type') or value.get('reference', '').split('/')[0]
    if 'reference' not in value and 'identifier' not in value:
        fault(where, 'a reference to nothing')
    if targets != ['*'] and kind not in targets:
        fault(where, f'refers to {kind!r}, not one of {targets}')
    if 'reference' in value:
        wanted.append((where, value['reference']))


def check_value(where, value, kind):
    match = re.fullmatch(r'(code|ref)\((.*)\)', kind)
    if match and match[1] == 'code':
        if value not in match[2].split('|'):
            fault(where, f'{value!r} is not in the value set')
    elif match:
        check_reference(where, value, match[2].split('|'))
    elif kind == 'decimal':
        if not isinstance(value, Decimal) or not value.is_finite():
            fault(where, 'is no decimal')
    elif kind == 'boolean':
        if not isinstance(value, bool):
            fault(where, 'is no boolean')
    elif kind in PRIMITIVE:
        if not isinstance(value, str) or not re.fullmatch(PRIMITIVE[kind], value):
            fault(where, f'{value!r} is no {kind}')
    else:
        check_object(where, value, kind)


def check_object(where, value, kind):
    if not isinstance(value, dict) or not value:
        return fault(where, f'is no {kind}')
    known = elements[kind]
    for name in value:
        if name not in known:
            fault(where, f'{kind} has no element {name!r}')
    for name, (least, most, inner) in known.items():
        if name not in value:
            if least:
                fault(where, f'{name} is required')
            continue
        at = f'{where}.{name}'
        if most == '*':
            if not isinstance(value[name], list) or not value[name]:
                fault(at, 'is no list, or an empty one')
                continue
            for i, item in enumerate(value[name]):
                check_value(f'{at}[{i}]', item, inner)
        else:
            check_value(at, value[name], inner)
    for choice in ('value', 'when', 'probability'):
        if sum(1 for name in value if re.fullmatch(choice + r'[A-Z]\w*', name)) > 1:
            fault(where, f'{choice}[x] twice')
    check_invariants(where, value, kind)


def check_invariants(where, value, kind):
    if kind == 'RiskAssessment.prediction' and 'probabilityDecimal' in value:
        if not 0 <= value['probabilityDecimal'] <= 100:
            fault(where, 'ras-2: more than 100 per cent')
    if kind == 'Quantity' and 'code' in value and 'system' not in value:
        fault(where, 'qty-3: a code without its system')
    if kind == 'Period' and value.get('start', '') > value.get('end', '9'):
        fault(where, 'per-1: ends before it starts')
    if kind == 'Range' and {'low', 'high'} <= value.keys() and value['low']['value'] > value['high']['value']:
        fault(where, 'rng-2: low above high')


for number, line in enumerate(open(sys.argv[1], encoding='utf-8'), 1):
    try:
        resource = json.loads(line, parse_float=Decimal, parse_int=Decimal)
    except ValueError as error:
        fault(number, error)
        continue
    kind = resource.get('resourceType')
    if kind not in ('RiskAssessment', 'Observation', 'Provenance', 'Device'):
        fault(number, f'{kind!r} is no resource that is expected here')
        continue
    counts[kind] += 1
    check_object(f'{number} {kind}', resource, kind)
    name = f"{kind}/{resource.get('id')}"
    if name in ids:
        fault(number, f'{name} twice')
    ids.add(name)

for where, name in wanted:
    if name not in ids:
        fault(where, f'refers to {name}, which is not in the file')

for text in faults[:50]:
    print(text)
print(' '.join(f'{kind} {counts[kind]}' for kind in sorted(counts)), f'faults {len(faults)}')
sys.exit(1 if faults else 0)
