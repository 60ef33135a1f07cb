"""Compares docs/tables.md with the tables of a folder: tables_page.py PAGE FOLDER [ALIAS=FILE...]

Every table has a section with its columns in order, every section a table. `<x>.a` stands for the same columns of
several x, one after the other. What a column says about its form holds in every row."""
import csv
import re
import sys
from pathlib import Path

FORMS = {
    'code': r'([A-Za-z0-9_>*(][ -~]*)?',
    'day': r'(\d{4}-\d\d-\d\d)?',
    'number': r'(-?\d+(\.\d+)?(e[+-]?\d+)?)?',
    'share': r'(0(\.\d+)?|1(\.0+)?|\d(\.\d+)?e-\d+)?',
    'flag': r'[01]?',
    'key': r'([0-9a-f]{32})?',
}
FORMS['risk'] = FORMS['share']


def sections(page):
    """The columns (name, form) of every table by the section's name."""
    found, name = {}, None
    for line in page.read_text(encoding='utf-8').splitlines():
        if line.startswith('## '):
            name = line[3:].strip()
            found[name] = []
        row = re.match(r'\| (`[^|]*`) \| ([^|]*) \|', line)
        if name and row:
            names, forms = re.findall(r'`([^`]+)`', row[1]), row[2].split(', ')
            found[name] += zip(names, (forms if len(forms) == len(names) else [forms[0]] * len(names)))
    return found


def expanded(columns, header):
    """The forms of a header's columns; None where the page says something else."""
    forms, at, i = [], 0, 0
    while i < len(columns):
        mark = re.match(r'<\w+>', columns[i][0])
        if not mark:
            if at >= len(header) or header[at] != columns[i][0]:
                return None
            forms.append(columns[i][1])
            at, i = at + 1, i + 1
            continue
        end = i
        while end < len(columns) and columns[end][0].startswith(mark[0]):
            end += 1
        tails = [(name[len(mark[0]):], form) for name, form in columns[i:end]]
        first = at
        while at < len(header) and header[at].endswith(tails[0][0]):
            stem = header[at][:len(header[at]) - len(tails[0][0])] if tails[0][0] else header[at]
            if header[at:at + len(tails)] != [stem + tail for tail, _ in tails]:
                break
            forms += [form for _, form in tails]
            at += len(tails)
        if at == first:
            return None
        i = end
    return forms if at == len(header) else None


def check(name, path, columns):
    with open(path, encoding='utf-8', newline='') as file:
        rows = list(csv.reader(file, strict=True))
    forms = expanded(columns, rows[0])
    if forms is None:
        return [f'{name}: the page does not have the columns {",".join(rows[0])}']
    if len(set(rows[0])) != len(rows[0]):
        return [f'{name}: two columns of one name']
    found = []
    for row in rows[1:]:
        if len(row) != len(rows[0]):
            return [f'{name}: a row of {len(row)} cells']
        for column, form, cell in zip(rows[0], forms, row):
            if form in FORMS and not re.fullmatch(FORMS[form], cell):
                found.append(f'{name}: {column} is no {form}: {cell!r}')
    return found[:3]


def main():
    page, folder = Path(sys.argv[1]), Path(sys.argv[2])
    tables = {}
    for path in sorted(folder.glob('**/*.csv')):
        name = path.relative_to(folder).as_posix()
        name = re.sub(r'^rejects_\w+\.csv$', 'rejects.csv', name)
        name = re.sub(r'^quality/.*', 'quality/PROVIDER.csv', name)
        name = re.sub(r'^client/.*/group\.csv$', 'groups_client.csv', name)
        name = re.sub(r'^client/.*/invitations\.csv$', 'invitations.csv', name)
        tables.setdefault('years_indicators.csv' if name == 'care/indicators.csv' else name, []).append(path)
    told, found = sections(page), []
    for name in sorted(set(tables) - set(told)):
        found.append(f'{name} is not on the page')
    for name in sorted(set(told) - set(tables)):
        found.append(f'{name} is on the page, and nothing made it')
    for name, paths in tables.items():
        for path in paths if name in told else []:
            found += check(name, path, told[name])
    print('\n'.join(found) or f'{len(told)} tables')
    sys.exit(1 if found else 0)


main()
