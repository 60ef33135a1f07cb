# shellcheck shell=bash disable=SC2154
# A night of many files from many sources; bench/night.sh prints a line of JSON for each stage.
section_night() {
    if [ ! -x /usr/bin/time ]; then
        note "  left out: bench/night.sh needs the Debian package time"
        return 0
    fi
    take night "$sources/bench/night.sh" "$hra" "$work/night" "$night_people"
    rm -rf "$work/night"
}
