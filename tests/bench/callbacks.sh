# Signed YTO callbacks over HTTP to durable advances, all rules on, fsync on, with the database and the load
# generator on the same machine; against pgbench writing the same rows by separate statements in one
# transaction, and against the same gateway with batches of one. Sourced by run.sh.
# shellcheck shell=bash

make_world_of_open_cases
closed_loop load_callbacks advance
open_loop load_callbacks
stop_gateway
say "batches of one"
start_gateway 1
load_callbacks 5 0 "$(due 8000 4)"
one=$answer
stop_gateway
verify_ledger

say "pgbench baseline"
psql "$dsn" -q <<SQL
CREATE UNLOGGED TABLE bench_queue AS
    SELECT row_number() OVER () AS n, cell, return_id FROM return_case WHERE status = 'awaiting_parcel' LIMIT 250000;
ALTER TABLE bench_queue ADD PRIMARY KEY (n);
CREATE SEQUENCE bench_next CACHE 1;
ANALYZE bench_queue;
SQL
rows=$(count bench_queue)
baseline=0
for clients in 8 32 64; do
    # As many seconds as the cases last; few cases are shared out by number.
    span=(-T 6)
    if [ "$rows" -lt 60000 ]; then span=(-t $((rows / 3 / clients))); fi
    tps=$(pgbench -n -M prepared -c "$clients" -j 2 "${span[@]}" -f "$ROOT/tests/bench/baseline.sql" "$dsn" 2>"$folder/pgbench.log" |
        sed -n 's/^tps = \([0-9]*\).*/\1/p') || true
    [ -n "$tps" ] || { cat "$folder/pgbench.log" >&2; die "pgbench failed"; }
    say "pgbench, $clients clients: $tps/s"
    if [ "$tps" -gt "$baseline" ]; then baseline=$tps; fi
done

finish "$(jq -n --argjson closed "$closed" --argjson open "$open" --argjson one "$one" --argjson baseline "$baseline" \
    --argjson cases "$cases" --argjson buyers "$buyers" --argjson connections "$connections" --argjson rate "$rate" \
    --argjson cores "$(nproc)" '
    {cases: $cases, buyers: $buyers, connections: $connections, cores: $cores,
     advances_per_s: $closed.per_s, p50_ms: $closed.p50_ms, p99_ms: $closed.p99_ms,
     open_loop_rate_per_s: $rate, open_loop_p50_ms: $open.p50_ms, open_loop_p99_ms: $open.p99_ms,
     batch_of_one_per_s: $one.per_s, statements_per_callback_baseline_per_s: $baseline,
     ratio_to_baseline: ($closed.per_s / $baseline * 100 | round / 100),
     ratio_to_batch_of_one: ($closed.per_s / $one.per_s * 100 | round / 100)}')"
