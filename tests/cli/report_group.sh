#!/usr/bin/env bash
# Pages about groups: the house's has everything, the employer's is made of that employer's table alone and gives nothing away.
. "$(dirname "$0")/lib.sh" "$1"

# seven groups of 200, hardly anybody smokes in group3; and twenty people of their own
awk 'BEGIN {
    print "person_id,group_id,department,sex,age,height,weight,waist,sbp,dbp,tc,hdl,ldl,tg,glucose_fasting,smoking_status,phq9,consent_client"
    srand(5)
    for (i = 0; i < 1400; i++) {
        group = i >= 1380 ? "handful" : "group" int(i / 200)
        male = rand() < 0.5
        printf "P%04d,%s,%s,%s,%d,%d,%d,%d,%d,%d,%.1f,%.1f,%.1f,%.1f,%.1f,%s,%d,%s\n", i, group,
            rand() < 0.5 ? "north<b>" : rand() < 0.9 ? "south" : "tiny", male ? "male" : "female", 22 + rand() * 40,
            male ? 172 : 160, 50 + rand() * 45, 65 + rand() * 40, 105 + rand() * 55, 62 + rand() * 35, 3.5 + rand() * 3.2,
            0.9 + rand(), 1.8 + rand() * 2.6, 0.6 + rand() * 2, 4.4 + rand() * 3.5,
            rand() < (group == "group3" ? 0.02 : 0.35) ? "current" : "never", rand() * 16, rand() < 0.5
    } }' >people.csv
new_key house.key
expect 0 "$HRA" run people.csv -o night --key house.key --language en --as-of 2026-11-21 --no-details --no-pages -q

# refusals that say what to do
expect 2 "$HRA" report group night --group group1
says err '--edition internal or --edition client'
expect 2 "$HRA" report group night --edition client
expect 4 "$HRA" report group night --group nobody --edition internal
says err 'no such group'
expect 4 "$HRA" report group night --group handful --edition client
says err 'no edition for the employer'
expect 4 "$HRA" report group people.csv --all --edition internal
says err 'no groups.csv'

# the house: every group, small ones too, with a warning on it
expect 0 "$HRA" report group night --all --edition internal -l en
is "$(ls night/groups | wc -l)" 8
says night/groups/handful.html 'Internal edition'
says night/groups/group3.html '>Smoking</th>'
says night/groups/group1.html 'north&lt;b&gt;'
is "$(stat -c %a night/groups/group1.html)" 600
says night/groups/group1.html 'text-anchor=middle>30-39</text>'
says night/groups/group1.html 'not ranked.*High risk of stroke'
says night/groups/group1.html 'not judged.*Hypertension, not known before'
silent_on night/groups/group1.html 'Every problem could be judged'
says night/groups/group1.html '^<dl class=items>.*<dt>High risk of stroke</dt>' # among the lowest shares judged
says night/groups.csv '^group1,undecided,GA20,'
silent_on night/groups.csv '^group1,(measure|other_groups),GA20,'

# the employer: in its own folder, none for who gets no edition; byte for byte what its own table gives
expect 0 "$HRA" report group night --all --edition client -l en
says err '7 reports in night/client .*, 1 group without an edition'
[ -e night/client/handful ] && fail "a small group has a folder"
mkdir alone
for g in group1 group3; do
    cp night/client/$g/group.csv alone/
    expect 0 "$HRA" report group alone --group $g --edition client -l en -o drawn -q
    same drawn/$g/report.html night/client/$g/report.html
    grep -oE '\bgroup[0-9]|\bhandful\b|\btiny\b' night/client/$g/report.html | grep -v "^$g" >others
    [ ! -s others ] || fail "$g reads of $(sort -u others)"
    silent_on night/client/$g/report.html '<script|src=|url\(|@import|https?://'
done
for l in zh en; do
    expect 0 "$HRA" report group night --group group3 --edition client -l $l -o $l -q
    silent_on $l/group3/report.html '[^a-z](nan|inf)[^a-z]|\{[0-9]\}|group\.[a-z]|GA[0-9][0-9]|\br_[a-z]'
    expect 0 "$HRA" report group night --group group3 --edition internal -l $l -o $l -q
    silent_on $l/group3.html '[^a-z](nan|inf)[^a-z]|\{[0-9]\}|group\.[a-z]|GA[0-9][0-9]|\br_[a-z]'
done

# an attack on the page: hidden figures leave no number, no point, no bar; what is drawn is what is published
if command -v python3 >/dev/null; then
    for g in group1 group3; do
        python3 "$SOURCE/tests/cli/attack_group_page.py" night $g >out 2>&1 || fail "$g: $(cat out)"
        says out 'hidden figures'
    done
else
    echo "python3 is not installed: the attack on the page was skipped"
fi

# the head office's pages: sorted by need, with links that lead somewhere, from another folder, too
expect 0 "$HRA" report overview night -l en
expect 5 "$HRA" report overview night -l en -o far/away
mkdir far
expect 0 "$HRA" report overview night -l en -o far/away
is "$(grep -c '^<tr><td>' night/overview/index.html)" 9 "eight groups and a source"
row=$(grep 'handful' night/overview/index.html | grep -o '</a>.*') # twenty people: nothing is said of shares
is "$row" '</a><td>20<td>0<td class=t>too few people<td>–<td>–<td>–<td>–<td>–<td>–<td>none'
says night/overview/index.html 'group1.html.*<td>[1-9][0-9]*<td>[^<]*<' # a large group has its measures
for page in {night/overview,far/away}/{index,run,urgent}.html; do
    grep -oE 'href="[^"]*"' $page | sed 's/href="//; s/"$//' >links
    while read -r link; do [ -e "$(dirname $page)/$link" ] || fail "$page: $link leads nowhere"; done <links
    case $page in */urgent.html) least=2 ;; *) least=15 ;; esac
    [ "$(wc -l <links)" -ge $least ] || fail "$page has hardly any links"
    silent_on $page 'https?://|src=|\{[0-9]\}|(overview|stage|file|column)\.[a-z_]*[^.a-z]|[^a-z](nan|inf)[^a-z]'
done
if command -v chromium >/dev/null; then
    for sort in '' '#sort=0' '#sort=1'; do
        chromium --headless --no-sandbox --disable-gpu --dump-dom "file://$PWD/night/overview/index.html$sort" 2>/dev/null |
            grep -oE '<tr><td>.*' | grep -oE '>(group[0-9]|handful)<' | tr -d '><\n' >order
        case $sort in
        '#sort=0') is "$(cat order)" group0group1group2group3group4group5group6handful ;;
        '#sort=1') is "$(cat order | grep -o 'handful$')" handful "the largest first" ;;
        *) [ -s order ] || fail "the page shows no groups in a browser" ;;
        esac
    done
else
    echo "chromium is not installed: sorting was not tried"
fi
finish
