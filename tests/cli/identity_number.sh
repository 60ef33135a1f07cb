#!/usr/bin/env bash
# Identity numbers: birth date and sex come from them where the file has no such columns, are held against them where it
# has, and the number itself is written nowhere.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
cat >people.csv <<'END'
客户编号,身份证号,体检日期,收缩压
p1,11010119751002001X,2026-03-05,120
p2,１１０１０１１９８００１０１００２９,2026-03-05,121
p3,310101900228013,2026-03-05,122
p4,110101196507080042,2026-03-05,123
p5,310101199002300137,2026-03-05,124
p6,,2026-03-05,125
END
expect 0 "$HRA" import people.csv -o people.h5 --key house.key
says err 'birth date and sex are read from it'
expect 0 "$HRA" run people.csv -o night --key house.key --as-of 2026-06-01 -q
zstd -dcq night/persons.jsonl.zst >lines
person() { sed -n "$1p" lines; }
person 1 | grep -q '"sex":"male","age":50' || fail "p1: $(person 1 | cut -c1-300)"
person 2 | grep -q '"sex":"female","age":46' || fail "p2: $(person 2 | cut -c1-300)"
person 3 | grep -q '"sex":"male","age":36' || fail "p3, an old number: $(person 3 | cut -c1-300)"
person 4 | grep -q '"sex":"' && fail "p4: a wrong check digit was believed"
says night/rejects.csv '^people.csv,5,身份证号,,,身份证号的校验位不对$'
says night/rejects.csv '^people.csv,6,身份证号,,,身份证号中的出生日期不存在$'
is "$(sed 1d night/rejects.csv | wc -l)" 2 "rejected numbers"

# the file says another sex, another birth date: neither stands, and it is listed
cat >told.csv <<'END'
客户编号,身份证号,出生日期,性别,收缩压
p1,11010119751002001X,1975-10-02,男,120
p2,110101198001010029,1980-01-01,男,121
p3,310101199002280137,1990-03-28,,122
END
expect 0 "$HRA" run told.csv -o told --key house.key --as-of 2026-06-01 -q
zstd -dcq told/persons.jsonl.zst >lines
person 1 | grep -q '"sex":"male"' || fail "they agree"
person 2 | grep -q '"sex":"' && fail "a sex that the number contradicts stands"
person 3 | grep -q '"sex":"male"' || fail "a blank is filled"
says told/rejects.csv '^told.csv,3,身份证号,sex,female,与本行身份证号不符$'
says told/rejects.csv '^told.csv,4,身份证号,birth_date,1990-02-28,'

# the number as the identifier
sed 's/客户编号,//; s/^p[0-9],//' told.csv >numbers.csv
echo 'id = 身份证号' >id.map
expect 0 "$HRA" run numbers.csv -o numbers --map id.map --key house.key --as-of 2026-06-01 -q
zstd -dcq numbers/persons.jsonl.zst | sed -n 1p | grep -q '"sex":"male"' || fail "as the identifier"

# several files of one header
mkdir two
printf '身份证号,收缩压\n11010119751002001X,120\n' >two/a.csv
printf '身份证号,收缩压\n110101198001010029,121\n' >two/b.csv
expect 0 "$HRA" run two -o both --map id.map --key house.key --as-of 2026-06-01 -q
zstd -dcq both/persons.jsonl.zst >lines
person 1 | grep -q '"sex":"male"' || fail "the first file: $(person 1 | cut -c1-300)"
person 2 | grep -q '"sex":"female"' || fail "the second file: $(person 2 | cut -c1-300)"

grep -rqaE '11010119751002001|110101198001010029|310101199002280137|310101900228013' night told numbers both people.h5 err &&
    fail "an identity number was written out"
finish
