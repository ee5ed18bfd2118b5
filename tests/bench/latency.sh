# Signed callbacks at fixed rates, whatever the answers take: each latency runs from the moment at which the
# request was due, so that a stall counts for all who would have come meanwhile. Sourced by run.sh.
# shellcheck shell=bash

make_world_of_open_cases
runs='[]'
for rate in 100 1000 5000; do
    say "open loop, $rate a second, $seconds s"
    load_callbacks "$seconds" "$rate" "$(due "$rate" "$seconds")"
    say "$(jq -c . <<<"$answer")"
    runs=$(jq --argjson run "$answer" --argjson rate "$rate" \
        '. + [{rate_per_s: $rate, reached_per_s: $run.per_s, p50_ms: $run.p50_ms, p99_ms: $run.p99_ms}]' <<<"$runs")
done
stop_gateway
expect_stored "$(count advance)" advance "$next"
verify_ledger

finish "$(jq -n --argjson runs "$runs" --argjson cases "$cases" --argjson buyers "$buyers" \
    --argjson connections "$connections" --argjson cores "$(nproc)" \
    '{cases: $cases, buyers: $buyers, connections: $connections, cores: $cores, open_loop: $runs}')"
