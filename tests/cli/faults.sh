#!/usr/bin/env bash
# No memory, a full disk, a file that cannot be opened or read, at any moment of any command: it ends with a message, and
# nothing stands in place that is not whole; or it did without and all is right. The same command then goes through.
# A few moments of each command, unless told otherwise:
#   HRA_FAULTS=all                     each place in the program once (hours); a number: so many of each kind and command
#   HRA_FAULTS_KINDS='memory disk read open map threads'
#   HRA_FAULTS_CASES='import run'      some commands
#   HRA_FAULT_STAYS=1                  from that moment on every call fails, as on a disk that stays full
# Not wrong though it differs: a PDF whose fonts could not be cut down in memory is made with the whole ones.
# Calls are counted and failed by tests/faults/fail_call.c.
. "$(dirname "$0")/lib.sh" "$1"
fault=${HRA_TEST_TOOLS:-}/fail_call.so
[ -e "$fault" ] || { echo "no fail_call.so: skipped"; exit 77; }
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0:detect_leaks=0:exitcode=99:allocator_may_return_null=1"
HRA_FAULT_KIND=disk LD_PRELOAD=$fault "$HRA" version >out 2>err || { cat err; exit 77; }
# code of hra before code of the HDF5 library that is linked into it
HRA_FAULT_FOREIGN=$(nm -n "$HRA" | awk '$3 == "main" { begun = 1 }
    begun && $2 ~ /[tT]/ && $3 ~ /^H5/ && $3 !~ /cold/ { print $1; exit }')
[ -n "$HRA_FAULT_FOREIGN" ] || { echo "no symbols: skipped"; exit 77; }
export HRA_FAULT_FOREIGN
many=${HRA_FAULTS:-2} kinds=${HRA_FAULTS_KINDS:-memory disk}
cases=${HRA_FAULTS_CASES:-import score_csv score_store groups join run quality compare register xlsx explain definitions evaluate recalibrate}
[ -z "${HRA_FAULTS:-}" ] || cases=${HRA_FAULTS_CASES:-}

# ---- what the commands read -----------------------------------------------------------------------------------
mkdir ground
cd ground || exit 1
made() { "$HRA" "$@" >../out 2>../err || { cat ../err; echo "hra $*: no ground to test on"; exit 1; }; }
made key new k
made generate --rows 60 --groups 3 --seed 5 -o people.csv -q
made generate --rows 60 --groups 3 --seed 6 -o later.csv -q
printf '客户编号,性别,体检日期,吸烟状况\nP1,男,2026-03-01,现在吸烟\n' >answers.csv
printf '客户编号,性别,年龄,体检日期,收缩压\nP1,男,51,2026-03-05,130\nP2,女,40,bad,141\n' >checkup.csv
made import people.csv -o people.h5 --key k -q
made import answers.csv -o answers.h5 --key k -q
made import checkup.csv -o checkup.h5 --key k -q
made score people.h5 -o scored.h5 -q --panel china_corporate --factors --tiers --as-of 2026-11-21
made run people.csv -o night --key k --as-of 2026-11-21 -q
made run later.csv -o last --key k --as-of 2025-11-21 -q
made register update --results scored.h5 --as-of 2026-11-21 -o register.csv --changes changes.csv
awk 'BEGIN { OFS = ","; print "days,event,a.risk,b.risk,sex,w"
    for (i = 1; i <= 60; i++) print i * 7 % 61, i % 3 % 2, (i * 13 % 59 + 1) / 61, (i * 29 % 53 + 1) / 55, i % 2 ? "f" : "m", 1 + i % 2 }' >outcomes.csv
awk 'NR == 1 { print $0 ",days,died"; next } { print $0 "," 100 + NR * 61 % 4000 "," NR % 3 % 2 }' people.csv >cohort.csv
made score cohort.csv -o risks.csv -m framingham_cvd_2008_lipid --keep days,died -q
made score cohort.csv -o risks.h5 -m framingham_cvd_2008_lipid --keep days,died -q
awk -F, 'NR == 1 { print "person_id,since,dead"; next } NR % 5 { print $1 "," 100 + NR * 61 % 4000 "," NR % 3 % 2 }' people.csv >registry.csv
made import people.csv -o plain.h5 --key k -q
made score plain.h5 -o hashed.h5 -m framingham_cvd_2008_lipid -q
cd ..

# ---- one command, failed again and again ----------------------------------------------------------------------------
# attempt NAME [VARIABLE=VALUE...]: the command in a fresh copy of its folder, which is then called NAME.
attempt() {
    local name=$1
    shift
    rm -rf "$name"
    cp -rp before "$name"
    again "$name" "$@"
}
again() { # the same in the folder as it is
    local name=$1
    shift
    status=0
    (cd "$name" && exec timeout 60 env "$@" "$HRA" "${command[@]}") >said.out 2>said.err </dev/null || status=$?
    [ ! -s said.out ] || cp said.out "$name/said.out"
}

# differing FOLDER: what does not stand in it as in `good`; files that tell times differ from run to run.
differing() { diff -rq "$1" good | grep -vFf timed; }

# after WHAT: one line for everything that is wrong after a fault.
after() {
    local bad=
    if [ "$status" -ge 99 ]; then
        bad="ended with status $status: $(tail -c 300 said.err | tr '\n' ' ')"
    elif [ "$status" -eq 0 ]; then
        bad=$(differing work)
        [ -z "$bad" ] || bad="says it succeeded, but $bad"
    else
        rm -f work/said.out
        grep -q '^hra' said.err || bad="status $status without a message"
        # nothing new that is not good, nothing good that is not whole, inputs as they were
        local line
        while read -r line; do
            case $line in
            "Only in good"*) ;;
            "Files work/"*)
                line=${line#Files work/}
                line=${line%% and *}
                cmp -s "work/$line" "before/$line" || bad+=" $line differs;" ;;
            *) grep -qE "$kept" <<<"$line" || bad+=" $line;" ;;
            esac
        done < <(differing work)
        if [ -z "$bad" ] && [ "${command[0]}" != key ]; then # a key is never overwritten
            again work
            [ "$status" -eq 0 ] || bad="does not go through afterwards: $(head -c 300 said.err)"
            [ -n "$bad" ] || bad=$(differing work)
        fi
    fi
    [ -z "$bad" ] || fail "$1: $bad"
}

# chosen FILE: which of its numbers: all, or as many as asked, the same each time.
chosen() {
    if [ "$many" = all ]; then cat "$1"; else
        awk -v many="$many" '{ at[NR] = $1 } END { for (i = 1; i <= many && i <= NR; i++)
            print at[int((i - 0.5) * NR / (many < NR ? many : NR)) + 1] }' "$1"
    fi
}

# each NAME 'FILES' ARGUMENTS...: hra with these arguments in a folder with these files.
each() {
    local name=$1 files=$2 kind at n=0
    shift 2
    command=("$@")
    [ -z "$cases" ] || [[ " $cases " == *" $name "* ]] || return 0
    rm -rf before
    mkdir before
    for at in $files; do cp -rp "ground/$at" before/; done
    attempt good
    [ "$status" -eq 0 ] || { fail "$name: status $status without a fault: $(cat said.err)"; return; }
    for kind in $kinds; do
        rm -f "sites.$kind"
        attempt work HRA_FAULT_KIND="$kind" HRA_FAULT_SITES="$PWD/sites.$kind" LD_PRELOAD="$fault"
        [ "$status" -eq 0 ] || fail "$name: status $status while $kind is counted: $(cat said.err)"
    done
    echo '/no such file' >timed
    diff -rq good work | sed -n 's/^Files good\/\(.*\) and work.*/\/\1 /p' >timed.new
    [ ! -s timed.new ] || cp timed.new timed
    for kind in $kinds; do
        for at in $(chosen "sites.$kind"); do
            attempt work HRA_FAULT_KIND="$kind" HRA_FAULT_AT="$at" LD_PRELOAD="$fault" ${HRA_FAULT_STAYS:+HRA_FAULT_STAYS=1}
            after "$name, $kind $at"
            n=$((n + 1))
        done
    done
    echo "$name: $n faults"
}
# what may stay behind: what a killed or failed run goes on from
kept='\.(partial|journal|resume)$|\.lock$'

models='china_par_2016,framingham_cvd_2008_lipid'
each key '' key new new.k
each generate '' generate --rows 20 -o new.csv -q
each generate_store '' generate --rows 20 -o new.h5 -q
each import 'people.csv k' import people.csv -o new.h5 --key k --report new.json --rejects rejects.csv
each score_csv people.csv score people.csv -o risks.csv --models "$models" -q
each score_store 'people.h5' score people.h5 -o risks.h5 --models "$models" --factors -q
each groups 'people.h5' score people.h5 --models "$models" --groups groups.csv -q
each join 'checkup.h5 answers.h5' join checkup.h5 --questionnaire answers.h5 -o joined.h5 --as-of 2026-11-21 --report new.json
each run 'people.csv k' run people.csv -o out --key k --as-of 2026-11-21 -q
each night 'people.csv answers.csv later.csv last k' run people.csv --questionnaire answers.csv -o out --key k --as-of 2026-11-21 -q \
    --previous last --register register.csv --branches --resume
each forget 'night k people.csv' forget night --list people.csv --key k
each report night report individual night --as-of 2026-11-21 --all -o pages -q
each report_pdf night report pdf night --as-of 2026-11-21 --all -o printed -q
each report_group night report group night --group G0001 --edition internal -o group.html
each overview night report overview night -o overview.html
each compare 'night last' compare night last -o changes
each quality 'people.csv' quality people.csv --history history -o judged --as-of 2026-11-21
each inspect people.csv inspect people.csv -l zh -o new.profile
each register 'scored.h5' register update --results scored.h5 --as-of 2026-11-21 -o new.csv --changes moves.csv
each xlsx register.csv export xlsx register.csv -o register.xlsx
each fhir night export fhir night --all -o new.ndjson -q
each explain people.csv explain people.csv --row 3 --models "$models"
each definitions '' definitions check
each review '' definitions review -o sheet.csv
each models '' models list
each info people.h5 info people.h5
each evaluate outcomes.csv evaluate outcomes.csv -e event --time days --horizon 30 --by sex --weight w --against b.risk -o measures.csv --page page.html
each evaluate outcomes.csv evaluate outcomes.csv -e event --against b.risk -o measures.csv -q
each evaluate risks.h5 evaluate risks.h5 -e died --time days --horizon 3652 -o measures.csv -q
each evaluate 'hashed.h5 registry.csv k' evaluate hashed.h5 --outcomes registry.csv --key k -e dead --time since --horizon 3652 -o measures.csv -q
each evaluate outcomes.csv evaluate outcomes.csv -e event --time days --horizon 30 --against b.risk --bootstrap 100 --threads 2 -o measures.csv -q
each recalibrate risks.csv recalibrate risks.csv -e died -o new.hra -q
each recalibrate risks.csv recalibrate risks.csv -e died --time days --horizon 3652 --slope -o new.hra -q
finish
