"""Lists of people against the totals of a run: attack_lists.py FOLDER.

Every list must have as many people as groups.csv says, each once and of that group; the list of smokers is counted anew from
persons.csv. Invitations must be exactly those who agreed, to the lectures the employer is told of, by lists that are long
enough; what an employer's folder holds must be its part of them.
"""
import collections
import csv
import os
import sys

FEWEST = 11
night = sys.argv[1]


def rows(name):
    with open(os.path.join(night, name), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fail(text):
    print(text)
    sys.exit(1)


group_of = {p["person_id"]: p["group_id"] for p in rows("persons.csv")}
listed, titles = collections.defaultdict(list), {}
for line in rows("rosters.csv"):
    listed[line["group_id"], line["action"]].append(line)
    titles[line["action"]] = line["lecture"]

# as many as the totals say, nobody twice, nobody of another group, no list that nobody asked for
sizes, wanted = {}, set()
for line in rows("groups.csv"):
    if line["sex"] == "all" and line["age_band"] == "all":
        place = line["group"], line["indicator"]
        if line["kind"] == "roster":
            sizes[place] = int(line["count"])
        if line["kind"] in ("measure", "lecture"):
            wanted.add(place)
for place in wanted:
    if len(listed[place]) != sizes.get(place, 0):
        fail(f"{place}: {len(listed[place])} people on the list, {sizes.get(place, 0)} in groups.csv")
for place, people in listed.items():
    keys = [p["person_id"] for p in people]
    if people and place not in wanted:
        fail(f"{place}: a list that no measure or lecture asks for")
    if len(set(keys)) != len(keys):
        fail(f"{place}: somebody is on the list twice")
    if any(group_of[k] != place[0] for k in keys):
        fail(f"{place}: somebody of another group is on the list")

# nobody lost: smokers as persons.csv has them
for group, action in wanted:
    if action != "GA07":
        continue
    smokers = {p["person_id"] for p in rows("persons.csv")
               if p["group_id"] == group and "r_smoke_current" in p["factors_present"].split(";")}
    if smokers != {p["person_id"] for p in listed[group, action]}:
        fail(f"{group}: the list of smokers is not that of persons.csv")

# invitations: who agreed, to what the employer is told of
expected = collections.Counter()
for line in rows("groups_client.csv"):
    if line["kind"] != "lecture":
        continue
    agreed = [p for p in listed[line["group"], line["indicator"]] if p["consent_client"] == "1"]
    if len(agreed) >= FEWEST:
        expected.update((line["group"], titles[line["indicator"]], p["person_id"], p["department"]) for p in agreed)


def invitations(name):
    return collections.Counter((i["group_id"], i["lecture"], i["person_id"], i["department"]) for i in rows(name))


found = invitations("invitations.csv")
if found != expected:
    fail(f"invitations: {len(found - expected)} too many, {len(expected - found)} lost")
if any(count != 1 for count in found.values()):
    fail("somebody is invited twice to one lecture")
parts = collections.Counter()
for group in sorted(os.listdir(os.path.join(night, "client"))):
    name = os.path.join("client", group, "invitations.csv")
    if os.path.exists(os.path.join(night, name)):
        parts.update(invitations(name))
if parts != found:
    fail("the employers' invitations together are not all of them")
print(f"{len(wanted)} lists of {sum(map(len, listed.values()))} entries, {len(found)} invitations")
