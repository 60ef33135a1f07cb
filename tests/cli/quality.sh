#!/usr/bin/env bash
# Quality of deliveries: a hospital that changes the unit is held, one that rounds is warned of, one that drifts too;
# reports hold no person's data and stay in their folder.
. "$(dirname "$0")/lib.sh" "$1"

# delivery FILE ROWS SEED: a checkup file of invented people, with names and numbers that must never come out
delivery() {
    awk -v rows="$2" -v seed="$3" -v factor="${4:-1}" -v zero="${5:-0}" -v shift="${6:-0}" 'BEGIN {
        srand(seed); print "客户编号,姓名,手机号,性别,出生日期,体检日期,收缩压,舒张压,总胆固醇,空腹血糖"
        for (i = 0; i < rows; i++) {
            s = 105 + int(rand() * 40); d = 62 + int(rand() * 25)
            if (rand() < zero) { s = s - s % 10; d = d - d % 10 }
            printf "CANARYID%06d,金丝雀%d,1380000%04d,%s,%d-%02d-%02d,2026-10-%02d,%d,%d,%.2f,%.2f\n", seed * 1000 + i, i, i,
                rand() < 0.5 ? "男" : "女", 1960 + rand() * 40, 1 + rand() * 12, 1 + rand() * 28, 1 + rand() * 28, s, d,
                (3.8 + rand() * 2 + shift) * factor, 4.5 + rand() * 1.5
        }
    }' >"$1"
}
mkdir profiles
for h in east west north; do
    cat >profiles/$h.profile <<DATA
profile: $h
kind: checkup
provider: ${h^} Hospital
issuer: $h
path: "$h*.csv"
header: 客户编号, 姓名, 手机号, 性别, 出生日期, 体检日期, 收缩压, 舒张压, 总胆固醇, 空腹血糖
confirmed: Li 2026-11-22
---
id = 客户编号
DATA
done
delivery east.csv 400 1
delivery west.csv 400 2
delivery north.csv 400 3
judge() { expect "$1" "$HRA" quality east.csv west.csv north.csv --profiles profiles --history history -o "$2" \
    --as-of "$2" -l en; }

# a first delivery is the ground; nothing is wrong with it
judge 0 2026-10-31
says out '^East Hospital: 1 file, 400 rows, the first delivery on record'
says out '^3 providers, 0 warnings, 0 files held'
[ -s '2026-10-31/West Hospital.html' ] || fail "no page of a provider"
[ -s 'history/West Hospital/2026-10-31.csv' ] || fail "no history"
is "$(stat -c %a '2026-10-31/West Hospital.html')" 600

# next month: east sends mg/dL without a word, west reads 60 % of pressures to 0, north's cholesterol has moved
delivery east.csv 400 11 38.67
delivery west.csv 400 12 1 0.6
delivery north.csv 400 13 1 0 0.8
judge 9 2026-11-22
says out "held: '总胆固醇': is the unit right\? The median is 1[0-9]+(\.[0-9])?; 0 % of the values are plausible in mmol/L"
says out "100 % in mg/dL"
says out "warning: '收缩压': 6[0-9] % of 400 readings end in 0"
says out "warning: '舒张压': 6[0-9] % of 400 readings end in 0"
says out "warning: '总胆固醇': the median was 4\.[0-9]+ mmol/L in the last delivery and is 5\.[0-9]+ mmol/L now"
says out "population stability index"
says out '1 file held'
says err '1 of 3 files are held'
is "$(grep -c 'held:' out)" 1
[ ! -e 'history/East Hospital/2026-11-22.csv' ] || fail "a held file became history"
[ -e 'history/North Hospital/2026-11-22.csv' ] || fail "the delivery of a month is forgotten"
says '2026-11-22/West Hospital.csv' '^finding,west.csv,sbp,digit_zero,0\.6[0-9]*,0\.4,warn'
says '2026-11-22/North Hospital.json' '"compared_with":"2026-10-31"'
says '2026-11-22/East Hospital.html' 'correct the file and send it again'

# the same day once more says the same: a day is not its own past
mv 2026-11-22 before
judge 9 2026-11-22
diff -r before 2026-11-22 >/dev/null || fail "the same night reports something else"

# a run holds that file too, before import, and goes on with the others
new_key house.key
expect 9 "$HRA" run east.csv west.csv north.csv -o night --profiles profiles --history history --key house.key \
    --as-of 2026-11-22
says err "暂缓：east.csv（档案 east）"
says err "数据质量 '总胆固醇'"
says err '^已评估 800 人、'
says night/held.csv '^east.csv,east,East Hospital,'
says night/held.csv '是否正确'
[ -s 'night/quality/East Hospital.html' ] && [ -s night/urgent.csv ] || fail "a night without its lists"
# without profiles as well; the policy decides, or nobody
expect 9 "$HRA" run east.csv west.csv -o bare --key house.key --as-of 2026-11-22 -q
says bare/held.csv '^east.csv,,,'
is "$(sed 1d bare/persons.csv | wc -l)" 400 "people"
sed 's/^unit,.*/unit,,0.3,20,warn,/' "$SOURCE/datasets/quality_policy.csv" >mild.csv
expect 0 "$HRA" run east.csv west.csv -o mild --key house.key --as-of 2026-11-22 -q --policy mild.csv
[ ! -e mild/held.csv ] || fail "a warning held a file"
# the next run into a folder tells of its own sources only; what it wrote is on record
echo mine >bare/quality/notes.html
expect 0 "$HRA" run west.csv -o bare --key house.key --as-of 2026-11-22 -q
[ ! -e bare/held.csv ] || fail "a file of an earlier run is held"
is "$(ls bare/quality)" "$(printf '%s\n' notes.html west.csv.{csv,html,json})" "reports, and what is somebody's own"
says bare/run.json '"bare/quality"'
# and one from its store leaves what is known of the delivery
expect 0 "$HRA" run bare/population.h5 -o bare --as-of 2026-11-22 -q
[ -s bare/quality/west.csv.html ] || fail "the report on the delivery is gone"
expect 0 "$HRA" run east.csv west.csv -o none --key house.key --as-of 2026-11-22 -q --no-quality
[ ! -e none/quality ] || fail "reports nobody asked for"
# drift may hold: all files that have the column
sed 's/^drift_median,.*/drift_median,,0.5,100,hold,/' "$SOURCE/datasets/quality_policy.csv" >strict.csv
expect 9 "$HRA" quality north.csv --profiles profiles --history history -o strict --as-of 2026-11-22 -l en --policy strict.csv
says out "held: '总胆固醇': the median was"

# nothing of a person comes out, whatever was written
grep -rlE 'CANARYID|金丝雀|1380000' 2026-* history before night/quality night/held.csv bare/quality out err && fail "canaries"

# names cannot leave the folder
mkdir evil
sed 's/^provider: .*/provider: ..\/..\/escaped/;s/^path: .*/path: "evil*"/;s/^profile: .*/profile: evil/' \
    profiles/east.profile >evil/evil.profile
cp west.csv evil.csv
expect 0 "$HRA" quality evil.csv --profiles evil --history history -o inside --as-of 2026-11-22 -l en
is "$(ls inside | wc -l)" 3
is "$(find . .. -maxdepth 1 -name '*escaped*' | wc -l)" 0

# few people: no quantiles, small counts hidden
delivery few.csv 12 5
expect 0 "$HRA" quality few.csv -o few -l en
silent_on few/few.csv.csv ',median,'
says few/few.csv.csv '^people,,birth_date,[0-9-]+,<5,'

# a file that cannot be read is told, the others are judged; usage
head -c 10 /dev/zero >broken.csv
expect 4 "$HRA" quality broken.csv west.csv -o part -l en
says out 'not read: broken.csv'
says out 'west.csv: 1 file, 400 rows'
expect 2 "$HRA" quality west.csv -o x --history history
says err 'give --as-of'
expect 2 "$HRA" quality west.csv
expect 2 "$HRA" quality -o x
expect 4 "$HRA" quality west.csv -o x --policy nowhere.csv
printf 'indicator,variable,limit,least,action,note\nweather,,1,1,warn,\n' >wrong.csv
expect 4 "$HRA" quality west.csv -o x --policy wrong.csv
says err "wrong.csv:2: expected an indicator"
[ ! -e x ] || fail "a refused report left a folder"
echo rubbish >'history/West Hospital/2026-11-01.csv'
expect 4 "$HRA" quality west.csv --profiles profiles --history history -o x --as-of 2026-11-22
says err '2026-11-01.csv:1: this is not a line of a delivery history'

DATA=$SOURCE/../shared/data/nhanes
if [ -r "$DATA/nhanes_2017-2018.csv.gz" ]; then
    expect 0 "$HRA" quality "$DATA/nhanes_2017-2018.csv.gz" --profiles "$SOURCE/datasets/profiles" -o survey -l en
    says out '^NHANES: 1 file, 9254 rows'
    says survey/NHANES.csv '^column,,sbp,known,6[0-9]{3},'
else
    echo "part skipped: no survey data beside the source tree"
fi
finish
