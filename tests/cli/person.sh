#!/usr/bin/env bash
# persons.jsonl.zst and persons.csv: the six contents of every person, in both languages.
. "$(dirname "$0")/lib.sh" "$1"
PYTHON=/usr/bin/python3
new_key house.key
for language in zh en; do
    expect 0 "$HRA" run "$SOURCE/tests/cli/six_people.csv" -o "$language" --key house.key --as-of 2026-11-22 --ideal \
        --risk-age -l "$language" -q
    zstd -dcq "$language/persons.jsonl.zst" >"$language.jsonl"
    is "$(wc -l <"$language.jsonl")" 6 "people"
done

# the table: first steps, reasons of levels and plans
is "$(cell zh/persons.csv 1 first_step.1)" F06
is "$(cell zh/persons.csv 2 first_step.1)" B02
is "$(cell zh/persons.csv 3 plan_whole_course)" enrolled
is "$(cell zh/persons.csv 3 plan_whole_course.reason)" enrolled.1
is "$(cell zh/persons.csv 3 checkup_package)" deluxe
[ -n "$(cell zh/persons.csv 2 stroke.if_all)" ] || fail "no risk after all interventions"

# in words: a value, its band, what is not measurable and why
says en.jsonl '"name":"sbp","label":"Systolic pressure","value":152,"unit":"mmHg","low":90,"high":139,"place":"high"'
says en.jsonl '"name":"bmi","label":"Body-mass index","value":26\.[0-9]{1,4},' # derived: six digits
says zh.jsonl '"id":"r_hypertension",[^{]*"answer":"not_measurable"'
says zh.jsonl '本次血压152/96 mmHg，达到高血压界值'
says zh.jsonl '"code":"B02",[^}]*"step":1,[^}]*"goal_date":"2026-12-20"'
silent_on zh.jsonl '[{][a-z_]+[}]'
silent_on en.jsonl '[{][a-z_]+[}]'
silent_on en.jsonl $'[\xe3-\xe9][\x80-\xbf][\x80-\xbf]'

# without the day of reference goals are intervals
expect 0 "$HRA" run "$SOURCE/tests/cli/six_people.csv" -o undated --key house.key -q
zstd -dcq undated/persons.jsonl.zst >undated.jsonl
silent_on undated.jsonl goal_date
says undated.jsonl '"within_days":28'

# last year's values
sed 's/,152,96,/,138,88,/; s/,current,/,never,/' "$SOURCE/tests/cli/six_people.csv" >earlier.csv
expect 0 "$HRA" run earlier.csv -o 2025 --key house.key --as-of 2025-11-22 -q
expect 0 "$HRA" run "$SOURCE/tests/cli/six_people.csv" -o 2026 --key house.key --as-of 2026-11-22 --previous 2025 -q -l en
zstd -dcq 2026/persons.jsonl.zst >2026.jsonl
says 2026.jsonl '"name":"sbp",[^}]*"value":152,[^}]*"previous":"138","change":"\+14","trend":"worse"'
says 2026.jsonl '"name":"smoking_status",[^}]*"value":"Current","previous":"Never"'

[ -x "$PYTHON" ] || { echo "no $PYTHON: structure not checked"; finish; exit; }
"$PYTHON" - zh.jsonl en.jsonl >problems 2>&1 <<'END' || fail "structure: $(head -3 problems)"
import json, sys
zh, en = ([json.loads(line) for line in open(name, encoding="utf-8")] for name in sys.argv[1:])
need = ("person_id group_id language sex age completeness information blank urgent alerts factors topics risks "
        "first_steps prescriptions tiers items monitors quality not_computed sources").split()
for a, b in zip(zh, en):
    for key in need:
        assert key in a and key in b, key
    assert a["person_id"] == b["person_id"]
    assert not any(x["id"].endswith("_pregnancy") for boxes in a["alerts"].values() for x in boxes), "boxes for everybody"
    assert [x["id"] for x in a["alerts"]["first"]] == ["r_bmi_obese", "r_hypertension", "r_dyslipid",
                                                      "r_glucose_abnormal", "r_waist_central"]
    assert len(a["topics"]) == 16 and len(a["alerts"]["chronic"]) == 4 and set(a["risks"]) == {"chd", "stroke",
                                                                                                "diabetes", "lung"}
    for x, y in zip(a["topics"], b["topics"]):
        assert (x["id"], x["state"], x.get("gap")) == (y["id"], y["state"], y.get("gap"))
        assert x["title"] and x["target"] and len(x.get("actions", [])) <= 3
    for role, x in a["risks"].items():
        assert x["risk"] == b["risks"][role]["risk"] and x["status"]
        if x["risk"] is not None:
            assert x["model"] and x["because"] and x["horizon_years"] and x["category"]
        elif x["status"] != "not_applicable":
            assert x.get("missing") or "outside_range" in x["status"], x["status"]
    assert len(a["first_steps"]) <= 3
    codes = {p["code"] for p in a["prescriptions"]}
    assert set(a["first_steps"]) <= codes and all(p["text"] and p["target"] for p in a["prescriptions"])
    for t in a["topics"]:
        assert set(t.get("actions", [])) <= codes
    for tier in a["tiers"].values():
        assert tier["level"] is None or (tier["title"] and tier["because"])
    for m in a["monitors"]:
        assert all(m[k] for k in ("indicator", "method", "frequency", "target", "alarm", "first", "next_contact"))
    names = {x["name"] for x in a["information"]}
    assert len(names) == len(a["information"]), "a value stands there twice"
    assert not names & set(a["blank"]) - {x["name"] for x in a["information"] if x.get("derived")}
present = [(x["id"], x["severity"]) for x in zh[1]["factors"]["present"]]
ranks = [["urgent", "severe", "moderate", "mild", "info", "normal"].index(severity) for _, severity in present]
assert ranks == sorted(ranks), "the severest come first"
pressure = [name for name, _ in present if name in ("r_bp_g1", "r_bp_raised_once", "r_hypertension", "r_htn_new")]
assert pressure == ["r_bp_g1", "r_bp_raised_once", "r_hypertension", "r_htn_new"], "of one severity as declared"
half = zh[5]
assert half["alerts"]["first"][1]["answer"] == "not_measurable" and "sbp" in half["alerts"]["first"][1]["missing"]
assert any(g["part"] == "disease" and g["why"] for g in half["not_computed"])
END
finish
