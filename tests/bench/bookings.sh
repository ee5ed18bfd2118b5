# Applications with a pickup "now" in the same request, over HTTP, answered when case, credit line, pickup and
# the intent to book it are durable; couriers are called afterwards, and not here. Sourced by run.sh.
# shellcheck shell=bash

make_world
key=$(create_key buyer-app)
platform=$(create_key platform)
seed received_orders

start_gateway 256
put_seller
load_applications 3 0 $((cases / 8))  # caches, prepared statements
closed_loop load_applications booking
open_loop load_applications
stop_gateway
verify_ledger

finish "$(jq -n --argjson closed "$closed" --argjson open "$open" --argjson cases "$cases" --argjson buyers "$buyers" \
    --argjson connections "$connections" --argjson rate "$rate" --argjson cores "$(nproc)" '
    {cases: $cases, buyers: $buyers, connections: $connections, cores: $cores,
     bookings_per_s: $closed.per_s, p50_ms: $closed.p50_ms, p99_ms: $closed.p99_ms,
     open_loop_rate_per_s: $rate, open_loop_p50_ms: $open.p50_ms, open_loop_p99_ms: $open.p99_ms}')"
