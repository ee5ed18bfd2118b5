# What the benchmarks share: a database and a gateway of their own, the load, the clean-up. Sourced by run.sh.
# shellcheck shell=bash

die() { printf 'bench: %s\n' "$*" >&2; exit 1; }
say() { printf '── %s\n' "$*" >&2; }

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

# make_world: a database with our tables, and $config, whose gateway listens on $port.
make_world() {
    "$SUPPORT/pg_cluster.sh" start "$folder/pg" bench
    dsn=$(cat "$folder/pg/dsn")
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    python3 -B "$SUPPORT/demo_config.py" "$ROOT/config/returngate.toml" "$folder" --dsn "$dsn" --port "$port" --sandbox 9 >/dev/null
    config=$folder/returngate.toml
    # Orders and payouts wait: nobody is there to take them.
    sed -i -e 's/^enabled = true/enabled = false/' -e 's/^level = .*/level = "warn"/' "$config"
    # 256 connections and their answers under way at the same time.
    sed -i -e 's/^in_flight = .*/in_flight = 4096/' "$config"
    "$BUILD/returngate" migrate --config "$config" >/dev/null
}

# The generator stamps callbacks by the wall clock: so does the gateway. Applications need opening hours.
use_wall_clock() { sed -i -e '/clock_offset_seconds/d' "$config"; }

# The callback URL's path and the secret of the courier that calls.
find_callback_secrets() {
    local token
    token=$(cat "$folder/secrets/yto_callback_token")
    secret=$(cat "$folder/secrets/yto_push_secret")
    path=/v1/couriers/YTO/callbacks/$token
}

create_key() {
    "$BUILD/returngate" keys create --config "$config" --caller "$1" --owner bench 2>/dev/null
}

# The seller of the seeded orders, by the gateway that runs; $platform is the platform's key.
put_seller() {
    curl -fsS -o /dev/null -X PUT -H "Authorization: Bearer $platform" -H 'Content-Type: application/json' \
        -d '{"name":"示例女装店","pilot":true,"return_address":{"name":"退货仓","phone":"13800000000","province":"上海市","city":"上海市","address":"世纪大道2号"}}' \
        "http://127.0.0.1:$port/v1/sellers/seller-1" || die "the seller is refused"
}

program() { "$BUILD/tests/returngate-bench" --cases "$cases" --buyers "$buyers" --dsn "$dsn" "$@"; }

# seed STAGE: open_cases or received_orders.
seed() {
    say "seeding $cases $1 of $buyers buyers"
    program seed "$1"
    psql "$dsn" -qc 'VACUUM ANALYZE' -c CHECKPOINT
}

# A gateway with open cases, warm: caches are filled and statements prepared.
make_world_of_open_cases() {
    make_world
    use_wall_clock
    find_callback_secrets
    seed open_cases
    start_gateway 256
    load_callbacks 3 0 $((cases / 8))
}

# start_gateway BATCH: the most commands in a transaction.
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
# load SECONDS RATE MOST [ARGS]: requests for the next unused cases, at most MOST; the figures are in $answer.
# It ends early when they are used up. Every request has to be answered well.
load() {
    local seconds=$1 rate=$2 most=$3
    shift 3
    if [ "$most" -le 0 ] || [ $((next + most)) -gt "$cases" ]; then die "too few --cases"; fi
    answer=$(program load --port "$port" --connections "$connections" --seconds "$seconds" --rate "$rate" \
        --first "$next" --requests "$most" "$@" 2>"$folder/load.log") || true
    if [ "$(jq .failed <<<"${answer:-null}" 2>/dev/null)" != 0 ]; then
        cat "$folder/load.log" "$folder/gateway.log" >&2
        die "failed answers: $answer"
    fi
    next=$((next + $(jq .used <<<"$answer")))
}
load_callbacks() { load "$@" --path "$path" --secret "$secret"; }
load_applications() { load "$@" --applications --secret "$key"; }

# due RATE SECONDS: how many requests that is, and no more than an eighth of the cases.
due() {
    local most=$(($1 * ($2 + 1)))
    if [ "$most" -gt $((cases / 8)) ]; then most=$((cases / 8)); fi
    echo "$most"
}

# closed_loop LOAD TABLE: as many as the connections can take for $seconds; what was answered is stored.
# The figures are in $closed.
closed_loop() {
    local load=$1 table=$2 before stored
    say "closed loop, $connections connections, $seconds s"
    before=$(count "$table")
    "$load" "$seconds" 0 $((cases / 2))
    closed=$answer
    say "$(jq -c . <<<"$closed")"
    stored=$(($(count "$table") - before))
    expect_stored "$stored" "$table" "$(jq .answered <<<"$closed")"
}

# open_loop LOAD: ten seconds at $rate, from the moment at which each was due. The figures are in $open.
open_loop() {
    say "open loop, $rate a second"
    "$1" 10 "$rate" "$(due "$rate" 10)"
    open=$answer
}

# expect_stored STORED TABLE ANSWERED
expect_stored() { [ "$1" = "$3" ] || die "$3 answered, $1 rows stored in $2"; }

count() { psql "$dsn" -Atc "SELECT count(*) FROM $1"; }

verify_ledger() {
    say "checking the ledger"
    "$BUILD/returngate" ledger verify --config "$config" >"$folder/verify.txt" || { cat "$folder/verify.txt" >&2; die "the ledger does not hold"; }
    tail -n 1 "$folder/verify.txt" >&2
}

# finish JSON: prints the figures and writes them where --json said.
finish() {
    printf '%s\n' "$1"
    if [ -n "$json" ]; then printf '%s\n' "$1" >"$json"; fi
}
