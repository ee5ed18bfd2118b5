# What couriers cost the buyer who has another one: the question that confirms SF's unsigned "collected" before
# money moves, and a courier that never answers beside one that does. Real calls to the sandbox's couriers, real
# callbacks. Sourced by run.sh.
# shellcheck shell=bash

rate=20 until_open=15 connections=16  # few, so that none idles until the gateway closes it
[ "$seconds" -ge 20 ] || die "the breaker needs --seconds 20 at least"
cases=$((rate * seconds * 3 + rate * 10)) buyers=$cases

# make_world_with_couriers: as make_world, with the sandbox's couriers answering.
make_world_with_couriers() {
    local sandbox_port callback options=() offset
    make_world
    sandbox_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    python3 -B "$SUPPORT/demo_config.py" "$ROOT/config/returngate.toml" "$folder" --dsn "$dsn" --port "$port" \
        --sandbox "$sandbox_port" >"$folder/world"
    sed -i -e 's/^level = .*/level = "error"/' "$config"
    {
        read -r offset
        while read -r callback; do options+=(--callback "$callback"); done
    } <"$folder/world"
    "$BUILD/returngate-sandbox" serve --port "$sandbox_port" --clock-offset "$offset" --speed 20 \
        --accounts "$folder/accounts.json" --provider-book "$folder/provider.book" "${options[@]}" >"$folder/sandbox.log" 2>&1 &
    sandbox=$!
    world=http://127.0.0.1:$sandbox_port/sandbox
}
stop_sandbox() { kill -TERM "$sandbox" 2>/dev/null && wait "$sandbox" 2>/dev/null || true; }
trap 'stop_sandbox; clean_up' EXIT

# first_courier CODE: the one that is asked first from the next start of the gateway on.
first_courier() {
    python3 -B - "$folder/couriers.toml" "$1" <<'PYTHON'
import re, sys
path, first = sys.argv[1:]
code = None
lines = []
for line in open(path):
    header = re.match(r"\[couriers\.(\w+)\]", line)
    code = header.group(1) if header else code
    lines.append(f"priority = {1 if code == first else 50}\n" if line.startswith("priority") else line)
open(path, "w").writelines(lines)
PYTHON
}

# percentiles SQL: of the milliseconds that it selects, as {count, p50, p99}.
percentiles() {
    psql "$dsn" -Atc "SELECT json_build_object('count', count(*), 'p50_ms', round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::numeric, 1),
        'p99_ms', round(percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)::numeric, 1)) FROM ($1) t"
}

# From what we heard last to the advance, of this courier's parcels.
to_advance() {
    percentiles "SELECT extract(epoch FROM committed_at - trigger_at) * 1000 AS ms FROM advance
        JOIN booking USING (cell, booking_reference) WHERE courier = '$1'"
}
# From the intent to YTO's yes: of those meant since FROM and before UNTIL.
to_acceptance() {
    percentiles "SELECT extract(epoch FROM yes.at - asked.at) * 1000 AS ms FROM case_event asked JOIN case_event yes USING (cell, return_id)
        WHERE asked.type IN ('pickup.booked', 'pickup.rebrokered') AND asked.data ->> 'courier' = 'YTO' AND asked.at >= '$1' AND asked.at < '$2'
        AND yes.type = 'pickup.accepted' AND yes.data ->> 'courier' = 'YTO'"
}
# later SECONDS: than all that was noted.
later() { psql "$dsn" -Atc "SELECT max(at) + interval '$1 seconds' FROM case_entry"; }

# bookings_with CODE: $seconds of bookings at $rate, CODE asked first; until nothing is under way.
bookings_with() {
    first_courier "$1"
    start_gateway 256
    load_applications "$seconds" "$rate" $((rate * seconds))
    for _ in $(seq 150); do
        if [ "$(count "booking WHERE status IN ('placing', 'placed')")" = 0 ]; then break; fi
        sleep 0.2
    done
    sleep 3
    stop_gateway
}

make_world_with_couriers
key=$(create_key buyer-app)
platform=$(create_key platform)
seed received_orders
start_gateway 256
put_seller
stop_gateway

say "every collection confirmed by a question (SF first, $rate bookings a second)"
bookings_with SF
confirmed=$(to_advance SF)
say "a healthy courier (YTO first)"
begin=$(later 0.000001)
bookings_with YTO
signed=$(to_advance YTO)
alone=$(to_acceptance "$begin" infinity)
say "beside one that never answers (SF first)"
curl -fsS -o /dev/null "$world/script" -d '{"courier":"SF","call":"book","match":"always","behaviour":{"answer":"never","executes":false}}'
# Its first calls run into their timeout; then the breaker opens, and all that waited goes to the other at once.
begin=$(later 0.000001)
opened=$(psql "$dsn" -Atc "SELECT '$begin'::timestamptz + interval '$until_open seconds'")
bookings_with SF
opening=$(to_acceptance "$begin" "$opened")
beside=$(to_acceptance "$opened" infinity)
verify_ledger

finish "$(jq -n --argjson confirmed "$confirmed" --argjson signed "$signed" --argjson alone "$alone" --argjson beside "$beside" --argjson opening "$opening" \
    --argjson rate "$rate" --argjson cores "$(nproc)" '
    {cores: $cores, bookings_per_s: $rate, confirmed_by_question: $confirmed, signed: $signed,
     acceptance: $alone, acceptance_while_the_breaker_opens: $opening, acceptance_beside_a_dead_courier: $beside,
     p99_ratio: (($beside.p99_ms / $alone.p99_ms * 100 | round) / 100)}')"
