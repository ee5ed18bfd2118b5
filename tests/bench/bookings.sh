# Applications with a pickup "now" in the same request, over HTTP, answered when case, credit line, pickup and
# the intent to book it are durable; couriers are called afterwards, and not here. Sourced by run.sh.
# shellcheck shell=bash

make_world
key=$(create_key buyer-app)
platform=$(create_key platform)
seed received_orders

start_gateway 256
curl -fsS -o /dev/null -X PUT -H "Authorization: Bearer $platform" -H 'Content-Type: application/json' \
    -d '{"name":"示例女装店","pilot":true,"return_address":{"name":"退货仓","phone":"13800000000","province":"上海市","city":"上海市","address":"世纪大道2号"}}' \
    "http://127.0.0.1:$port/v1/sellers/seller-1" || die "the seller is refused"
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
