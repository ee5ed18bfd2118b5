#!/usr/bin/env bash
# ./dev bench callbacks: signed YTO callbacks over HTTP to durable advances, all rules on, fsync on, with
# the database and the load generator on the same machine; against pgbench writing the same rows by
# separate statements in one transaction, and against the same gateway with batches of one.
set -euo pipefail

BUILD=$1
shift
ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
SUPPORT=$ROOT/tests/support
die() { printf 'bench: %s\n' "$*" >&2; exit 1; }
usage() {
    cat >&2 <<'TEXT'
./dev bench callbacks [--cases N] [--buyers N] [--seconds S] [--connections N] [--rate R] [--json FILE]
  advances_per_s, p50_ms, p99_ms     closed loop over --connections (256)
  open_loop_p99_ms                   at --rate (1000) a second, from the intended send time
  batch_of_one_per_s                 the same gateway, one command a transaction
  statements_per_callback_baseline_per_s   pgbench, best of 8, 32 and 64 clients
TEXT
    exit 2
}

[ "${1:-}" = callbacks ] || usage
shift
cases=1000000 buyers=200000 seconds=20 connections=256 rate=1000 json=
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --cases) cases=$2 ;;
        --buyers) buyers=$2 ;;
        --seconds) seconds=$2 ;;
        --connections) connections=$2 ;;
        --rate) rate=$2 ;;
        --json) json=$2 ;;
        *) usage ;;
    esac
    shift 2
done

folder=$(mktemp -d /tmp/returngate-bench.XXXXXX)
chmod 755 "$folder"
gateway=
stop_gateway() {
    [ -n "$gateway" ] || return 0
    kill -TERM "$gateway" 2>/dev/null || true
    wait "$gateway" 2>/dev/null || true
    gateway=
}
clean_up() {
    stop_gateway
    "$SUPPORT/pg_cluster.sh" stop "$folder/pg" >/dev/null 2>&1 || true
    rm -rf -- "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '── %s\n' "$*" >&2; }
"$SUPPORT/pg_cluster.sh" start "$folder/pg" bench
dsn=$(cat "$folder/pg/dsn")
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
python3 -B "$SUPPORT/demo_config.py" "$ROOT/config/returngate.toml" "$folder" --dsn "$dsn" --port "$port" --sandbox 9 >/dev/null
config=$folder/returngate.toml
# The clock is the wall's: the generator stamps its events by it. Payouts wait: there is no provider.
sed -i -e '/clock_offset_seconds/d' -e 's/^enabled = true/enabled = false/' -e 's/^level = .*/level = "warn"/' "$config"
# 256 connections and their answers under way at the same time.
sed -i -e 's/^in_flight = .*/in_flight = 4096/' "$config"
"$BUILD/returngate" migrate --config "$config" >/dev/null
token=$(cat "$folder/secrets/$(sed -n 's/^callback_token_file = "\(.*\)"/\1/p' "$folder/couriers.toml" | head -1)")
for file in "$folder"/secrets/*; do case $file in *yto_callback_token*) token=$(cat "$file") ;; esac; done
secret=$(cat "$folder/secrets/yto_push_secret")
path=/v1/couriers/YTO/callbacks/$token

say "seeding $cases open cases of $buyers buyers"
"$BUILD/tests/returngate-bench" --cases "$cases" --buyers "$buyers" --dsn "$dsn" seed
psql "$dsn" -qc 'VACUUM ANALYZE' -c CHECKPOINT

start_gateway() {
    sed -i -e '/^batch = /d' -e "s/^committers = .*/committers = 2\nbatch = $1/" "$config"
    "$BUILD/returngate" serve --config "$config" 2>"$folder/gateway.log" &
    gateway=$!
    for _ in $(seq 100); do
        if curl -fsS -o /dev/null "http://127.0.0.1:$port/readyz" 2>/dev/null; then return 0; fi
        kill -0 "$gateway" 2>/dev/null || break
        sleep 0.1
    done
    cat "$folder/gateway.log" >&2
    die "the gateway does not get ready"
}

next=0
# load SECONDS RATE MOST: the next unused cases, as many as could be needed.
load() {
    local out
    out=$("$BUILD/tests/returngate-bench" --cases "$cases" --buyers "$buyers" load --port "$port" --path "$path" --secret "$secret" \
        --connections "$connections" --seconds "$1" --rate "$2" --first "$next" --requests "$3") || true
    [ "$(jq .failed <<<"$out")" = 0 ] || { cat "$folder/gateway.log" >&2; die "failed answers: $out"; }
    next=$((next + $(jq .used <<<"$out")))
    printf '%s' "$out"
}
advances() { psql "$dsn" -Atc 'SELECT count(*) FROM advance'; }

start_gateway 256
load 3 0 60000 >"$folder/warm.json"  # caches, prepared statements
next=$((next > 0 ? next : 0))
say "closed loop, $connections connections, $seconds s"
before=$(advances)
load "$seconds" 0 $((cases / 2)) >"$folder/closed.json"
answered=$(jq .answered "$folder/closed.json")
stored=$(($(advances) - before))
say "$(jq -c . "$folder/closed.json")"
[ "$stored" = "$answered" ] || die "$answered answered, $stored advances stored"
say "open loop, $rate a second"
load 10 "$rate" $((rate * 11)) >"$folder/open.json"
stop_gateway
say "batches of one"
start_gateway 1
load 5 0 40000 >"$folder/one.json"
stop_gateway

say "checking the ledger"
"$BUILD/returngate" ledger verify --config "$config" >"$folder/verify.txt" || { cat "$folder/verify.txt" >&2; die "the ledger does not hold"; }
tail -n 1 "$folder/verify.txt" >&2
say "pgbench baseline"
psql "$dsn" -q <<SQL
CREATE UNLOGGED TABLE bench_queue AS
    SELECT row_number() OVER () AS n, cell, return_id FROM return_case WHERE status = 'awaiting_parcel' LIMIT 250000;
ALTER TABLE bench_queue ADD PRIMARY KEY (n);
CREATE SEQUENCE bench_next CACHE 1;
ANALYZE bench_queue;
SQL
baseline=0
for clients in 8 32 64; do
    tps=$(pgbench -n -M prepared -c "$clients" -j 2 -T 6 -f "$ROOT/tests/bench/baseline.sql" "$dsn" 2>"$folder/pgbench.log" |
        sed -n 's/^tps = \([0-9]*\).*/\1/p') || true
    [ -n "$tps" ] || { cat "$folder/pgbench.log" >&2; die "pgbench failed"; }
    say "pgbench, $clients clients: $tps/s"
    if [ "$tps" -gt "$baseline" ]; then baseline=$tps; fi
done

result=$(jq -n --slurpfile closed "$folder/closed.json" --slurpfile open "$folder/open.json" --slurpfile one "$folder/one.json" \
    --argjson baseline "$baseline" --argjson cases "$cases" --argjson buyers "$buyers" --argjson connections "$connections" \
    --argjson rate "$rate" --argjson cores "$(nproc)" '
    {cases: $cases, buyers: $buyers, connections: $connections, cores: $cores,
     advances_per_s: $closed[0].per_s, p50_ms: $closed[0].p50_ms, p99_ms: $closed[0].p99_ms,
     open_loop_rate_per_s: $rate, open_loop_p50_ms: $open[0].p50_ms, open_loop_p99_ms: $open[0].p99_ms,
     batch_of_one_per_s: $one[0].per_s, statements_per_callback_baseline_per_s: $baseline,
     ratio_to_baseline: ($closed[0].per_s / $baseline * 100 | round / 100),
     ratio_to_batch_of_one: ($closed[0].per_s / $one[0].per_s * 100 | round / 100)}')
printf '%s\n' "$result"
if [ -n "$json" ]; then printf '%s\n' "$result" >"$json"; fi
