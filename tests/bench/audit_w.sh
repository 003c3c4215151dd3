#!/bin/bash
# Workload W end to end from JSONL, coachd beside DuckDB with two threads, in turns in one run.
#   audit_w.sh PEERS_DIR BIN [N] [TURNS]    PEERS_DIR: a copy of the peers with data/opps_N.jsonl and node_modules;
#   BIN: coachd; N: 1000000. Prints `name value unit`; wall figures are the best of the turns, so are CPU seconds.
set -euo pipefail
peers=$(realpath "$1") bin=$(realpath "$2") n=${3:-1000000} turns=${4:-3}
here=$(dirname "$(realpath "$0")")
data=$peers/data/opps_$n.jsonl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -f "$data" ] || { echo "audit_w.sh: $data is not there (node gen.js $n)" >&2; exit 2; }
# DuckDB's own figure comes from its script and leaves its answers in memory; the same with the pairs written to a file,
# as coachd's are, is its first query and the script's own COPY. Its CPU seconds are those of the first query.
python3 - "$peers/w_duck.js" "$peers/w_duck_e2e.js" << 'PYTHON'
import re, sys
script = open(sys.argv[1]).read()
copy = re.search(r"await c\.run\(`COPY .*?`\);", script).group(0)
begin = "let t = now(); await c.run(`CREATE TEMP"
end = "await c.run('DROP TABLE f'); await c.run('DROP TABLE n');"
assert script.count(begin) == 1 and script.count(end) == 1, "the peer's script is another than this was written for"
script = script.replace(begin, "const u0 = process.cpuUsage(); " + begin)
script = script.replace(end, "const u = process.cpuUsage(u0); console.log('cpu ' + (u.user + u.system) / 1e6); console.log('e2e ' + e2e); "
                        + "t = now(); " + copy + " console.log('written ' + (e2e + now() - t)); process.exit(0);")
open(sys.argv[2], "w").write(script)
PYTHON

# least NAME VALUE: remembers the smallest value of a name.
declare -A least
least() { if [ -z "${least[$1]:-}" ] || awk "BEGIN { exit !($2 < ${least[$1]}) }"; then least[$1]=$2; fi; }
audit() { # NAME ARGS...
  local name=$1; shift
  local code=0
  rm -f "$work/out"  # a new file: some file systems bring one that was cut to nothing to the disk when it is closed
  /usr/bin/time -f '%e %U %S %M' -o "$work/time" "$bin" audit --file "$data" --rules "$here/workload_w.yaml" --now 2026-01-15 \
    --format jsonl "$@" > "$work/out" 2> "$work/err" || code=$?
  [ "$code" -le 1 ] || { cat "$work/err" >&2; exit "$code"; }
  read -r wall user sys rss < <(tail -1 "$work/time")
  least "${name}_wall" "$wall"
  least "${name}_cpu" "$(awk "BEGIN { print $user + $sys }")"
  least "${name}_rss" "$rss"
}
duck() {
  local said
  rm -f "$work/duck"
  said=$(cd "$peers" && node w_duck_e2e.js "$n" 2 jsonl "$work/duck")
  least duck_written "$(awk '/^written/ { print $2 }' <<< "$said")"
  least duck_wall "$(awk '/^e2e/ { print $2 }' <<< "$said")"
  least duck_cpu "$(awk '/^cpu/ { print $2 }' <<< "$said")"
}
# Each twice in a row: a virtual machine may give memory back within seconds of its being free, and who comes next pays
# for getting it again. The second run of each finds what the first one used.
for turn in $(seq "$turns"); do
  duck
  duck
  audit findings --only findings
  audit findings --only findings
  # Once is enough to know the answers.
  [ "$turn" -gt 1 ] ||
    grep '"type":"finding"' "$work/out" | sed -E 's/.*"rule":"([^"]*)".*"record":"([^"]*)".*/\2,\1/' > "$work/pairs"
  audit evidence
  audit evidence
done
[ "$(LC_ALL=C sort -S 1G --parallel=2 "$work/duck" | cut -d'|' -f1 | cksum)" = "$(LC_ALL=C sort -S 1G --parallel=2 "$work/pairs" | cksum)" ] ||
  { echo "audit_w.sh: DuckDB wrote other pairs" >&2; exit 1; }
say() { printf '%s %s %s\n' "$1" "$2" "$3"; }
rate() { awk "BEGIN { printf \"%.0f\", $n / $1 }"; }
ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }
say "audit_w_${n}_pairs" "$(wc -l < "$work/pairs")" pairs
say "audit_w_${n}_hash" "$(LC_ALL=C sort -S 1G --parallel=2 "$work/pairs" | sha256sum | cut -c1-16)" sha256/16
say "audit_w_${n}_duckdb_t2" "$(rate "${least[duck_wall]}")" records/s
say "audit_w_${n}_duckdb_t2_written" "$(rate "${least[duck_written]}")" records/s
say "audit_w_${n}_duckdb_t2_cpu" "${least[duck_cpu]}" s
for what in findings evidence; do
  say "audit_w_${n}_$what" "$(rate "${least[${what}_wall]}")" records/s
  say "audit_w_${n}_${what}_cpu" "${least[${what}_cpu]}" s
  say "audit_w_${n}_${what}_peak_rss" "$(awk "BEGIN { printf \"%.0f\", ${least[${what}_rss]} / 1024 }")" MiB
  say "audit_w_${n}_${what}_ratio" "$(ratio "${least[duck_wall]}" "${least[${what}_wall]}")" of_duckdb
  say "audit_w_${n}_${what}_cpu_ratio" "$(ratio "${least[duck_cpu]}" "${least[${what}_cpu]}")" of_duckdb
done
