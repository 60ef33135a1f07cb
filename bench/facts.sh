#!/usr/bin/env bash
# What was measured, where and when, as one JSON object:    bench/facts.sh HRA QUICK ROWS
set -euo pipefail
of_processor() { LC_ALL=C lscpu | awk -F: -v key="$1" '$1 == key { sub(/^ +/, "", $2); if (!found++) print $2 }'; }
quoted() { printf '"%s"' "${1//[\"\\]/}"; }
changed=$(git status --porcelain --untracked-files=no 2>/dev/null | head -1 || true)
cat <<JSON
{"date":"$(date -u +%Y-%m-%d)",
"version":$(quoted "$("$1" --version | head -1)"),
"commit":$(quoted "$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)${changed:+, with changes}"),
"processor":$(quoted "$(of_processor 'Model name')"),
"processors":$(nproc),
"caches":$(quoted "L1d $(of_processor 'L1d cache'), L2 $(of_processor 'L2 cache'), L3 $(of_processor 'L3 cache')"),
"memory_mib":$(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo),
"system":$(quoted "$(. /etc/os-release 2>/dev/null && echo "$PRETTY_NAME"), kernel $(uname -r)"),
"compiler":$(quoted "$(cc --version | head -1)"),
"load":$(cut -d' ' -f1 /proc/loadavg),
"quick":"$2",
"rows":$3}
JSON
