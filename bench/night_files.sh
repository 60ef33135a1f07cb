#!/usr/bin/env bash
# Makes what a head office gets before a night: checkups of 12 hospitals, each with its own manner and profile; three
# files are broken, two have changed headers; questionnaires and rosters come from other systems.
#     bench/night_files.sh HRA FOLDER PEOPLE FILES      HRA: the program; FOLDER is made and must not exist
set -euo pipefail
[ $# -eq 4 ] || { sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 2; }
hra=$(realpath "$1") people=$3 all_files=$4
each=$((people / all_files))
[ "$each" -ge 1 ] && [ "$all_files" -ge 100 ] && [ "$all_files" -le 11000 ] ||
    { echo "night_files.sh: 100 to 11000 files, and as many people at least" >&2; exit 2; }
mkdir "$2" && cd "$2"
tools=${HRA_TEST_TOOLS:-$(dirname "$hra")/tests}
"$hra" key new house.key >/dev/null 2>&1
mkdir incoming profiles raw

# ---- what the hospitals send: checkups; the answers are taken out into another file
# split_sources FILE: checkup columns to standard output, answers to FILE.answers, membership to FILE.roster
split_sources() {
    awk -F, -v OFS=, -v answers="$1.answers" -v roster="$1.roster" '
        NR == 1 { for (i = 1; i <= NF; i++) name[$i] = i
            from = name["高血压病史"]; first = name["收缩压"] }
        { line = $name["客户编号"]; said = line OFS $name["体检日期"]; member = line
          if (NR == 1) sub("体检日期", "问卷日期", said)
          for (i = 2; i <= NF; i++) {
              if (i >= from) said = said OFS $i
              else if (i <= name["部门"]) member = member OFS $i
              else line = line OFS $i
          }
          print line; print said > answers; print member OFS $name["性别"] OFS $name["出生日期"] > roster }' "$1"
}
for hospital in 01 02 03 04 05 06 07 08 09 10 11 12; do
    files=$((all_files / 12)) # the last hospitals one more
    [ $((10#$hospital)) -gt $((12 - all_files % 12)) ] && files=$((files + 1))
    folder=incoming/h$hospital
    mkdir "$folder"
    "$hra" generate --rows $((each * files)) --groups $files --split --headers zh --seed "$((10#$hospital))" \
        -o "raw/h$hospital" -q
    for f in "raw/h$hospital"/*.csv; do
        name=$(basename "$f" .csv)
        # groups and people of the house, not of the hospital
        sed -i "1!s/^/$hospital/; 1!s/,G0/,G$hospital/" "$f"
        split_sources "$f" >"$f.checkup"
        case $hospital in
        01) cp "$f.checkup" "$folder/$name.csv" ;;
        02) iconv -f UTF-8 -t GB18030 "$f.checkup" >"$folder/$name.csv" ;;
        03) tr , '\t' <"$f.checkup" >"$folder/$name.txt" ;;
        04) { echo "某某医院体检中心,,"; echo "2026年度体检结果,,"; cat "$f.checkup"; } >"$folder/$name.csv" ;;
        05) gzip -c "$f.checkup" >"$folder/$name.csv.gz" ;;
        06) tr , ';' <"$f.checkup" >"$folder/$name.csv" ;;
        07) { printf '\357\273\277'; sed 's/$/\r/' "$f.checkup"; } >"$folder/$name.csv" ;;
        08) if [ -x "$tools/csv_to_xlsx" ]; then "$tools/csv_to_xlsx" "$f.checkup" "$folder/$name.xlsx"
            else cp "$f.checkup" "$folder/$name.csv"; fi ;;
        09) sed '1s/性别/性别代码/; 1!s/,男,/,1,/; 1!s/,女,/,2,/' "$f.checkup" >"$folder/$name.csv" ;;
        10) iconv -f UTF-8 -t UTF-16 "$f.checkup" >"$folder/$name.txt" ;;
        11) sed '1s/收缩压/血压_收缩压/; 1s/总胆固醇/T-CHO/' "$f.checkup" >"$folder/$name.csv" ;;
        12) awk -F, 'NR == 1 { for (i = 2; i <= NF; i++) { name[i] = $i; if ($i == "体检日期") day = i }
                               print "客户编号,体检日期,项目代码,结果" }
                     NR > 1 { for (i = 2; i <= NF; i++) if (i != day && $i != "") print $1 "," $day "," name[i] "," $i }' \
                "$f.checkup" >"$folder/$name.csv" ;;
        esac
        head -1 "$f.checkup" >raw/names
        rm "$f" "$f.checkup"
    done
done
mkdir answers rosters
for hospital in raw/h*; do
    h=$(basename "$hospital")
    awk 'FNR > 1 || NR == 1' "$hospital"/*.answers >"answers/$h.csv"
    awk 'FNR > 1 || NR == 1' "$hospital"/*.roster >"rosters/$h.csv"
done

# ---- profiles: drafted from one file of each hospital, the questions answered
confirm() { # confirm DRAFT PROVIDER KIND PATH
    sed -i -e '/^?/d' -e "s#^\# path:.*#path: \"$4\"#" -e "s/^profile:.*/profile: $2/" -e "s/^kind:.*/kind: $3/" \
        -e "s/^confirmed: no.*/confirmed: data steward 2026-11-20/" -e "s/^provider:.*/provider: $2/" \
        -e "s/^issuer:.*/issuer: insurer/" "$1"
}
for hospital in incoming/h*; do
    h=$(basename "$hospital")
    [ "$h" = h12 ] && continue
    first=$(find "$hospital" -type f | sort | sed -n 1p)
    "$hra" inspect "$first" -o "profiles/$h.profile" >/dev/null
    confirm "profiles/$h.profile" "hospital $h" checkup "$h/*"
    [ "$h" = h09 ] && sed -i 's/^性别代码: .*//; s/^性别代码 = .*/性别代码 = sex\n性别代码: 1 = male, 2 = female/' profiles/h09.profile
done
{
    printf 'profile: laboratory h12\nconfirmed: data steward 2026-11-20\nkind: checkup\nprovider: hospital h12\nissuer: insurer\n'
    printf 'header: 客户编号, 体检日期, 项目代码, 结果\n---\n'
    printf 'long: id=客户编号, date=体检日期, item=项目代码, value=结果\n'
    awk -F, 'NR == 1 { for (i = 2; i <= NF; i++) if ($i != "体检日期") { gsub(/"/, "", $i)
        print "item \"" $i "\" = \"" $i "\"" } }' raw/names
} >profiles/h12.profile
"$hra" inspect "$(find answers -type f | sort | sed -n 1p)" -o profiles/answers.profile >/dev/null
confirm profiles/answers.profile "questionnaire system" questionnaire "answers/*"
"$hra" inspect "$(find rosters -type f | sort | sed -n 1p)" -o profiles/roster.profile >/dev/null
confirm profiles/roster.profile employers roster "rosters/*"

# ---- accidents
pick() { find "incoming/$1" -type f | sort | sed -n "$2p"; }
head -c 2000 "$(pick h05 3)" >cut && mv cut "$(pick h05 3)"                       # a transfer that broke off
printf '\320\317\021\340\241\261\032\341old workbook' >"$(pick h01 2)"            # an old .xls named .csv
: >"$(pick h06 5)"                                                                # an empty file
sed -i '1s/总胆固醇/总胆固醇(mg\/dL)/' "$(pick h07 4)"                            # a changed header
sed -i '1s/空腹血糖/血糖/; 1s/体重/体重(斤)/' "$(pick h11 6)"                     # another
rm -r raw
