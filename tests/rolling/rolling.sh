#!/usr/bin/env bash
# ./dev rolling: two gateways on one database behind HAProxy, restarted one after the other under traffic; no
# request may fail. Everything it starts is its own, and is stopped at its end.
set -euo pipefail

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
SUPPORT=$ROOT/tests/support
RELEASE=$1
shift
die() { printf 'rolling: %s\n' "$*" >&2; exit 1; }
usage() { die "./dev rolling [--rounds N] [--rate REQUESTS_A_SECOND] [--json FILE]"; }
rounds=3 rate=100 json=
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --rounds) rounds=$2 ;;
        --rate) rate=$2 ;;
        --json) json=$2 ;;
        *) usage ;;
    esac
    shift 2
done
command -v haproxy >/dev/null || PATH=$PATH:/usr/sbin

# shellcheck source=tests/support/processes.sh
. "$SUPPORT/processes.sh"
folder=$(mktemp -d /tmp/returngate-rolling.XXXXXX)
chmod 755 "$folder"
LOG_FOLDER=$folder/log
mkdir "$LOG_FOLDER"
clean_up() {
    local status=$?
    trap '' INT TERM HUP
    stop_all
    "$SUPPORT/pg_cluster.sh" stop "$folder/pg" >/dev/null 2>&1 || true
    if [ "$status" = 0 ]; then rm -rf -- "$folder"; else printf 'rolling: logs are in %s\n' "$LOG_FOLDER" >&2; fi
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# As long as HAProxy needs, by config/haproxy.cfg, to send requests to one that is ready again.
back_in_rotation() { sleep 1; }

balancer=$(free_port 8080)
sandbox=$(free_port 8090 "$balancer")
first=$(free_port 8081 "$balancer" "$sandbox")
second=$(free_port 8082 "$balancer" "$sandbox" "$first")

# Both gateways have the files of one; couriers and callers know the balancer only.
configure() {
    local name
    "$SUPPORT/pg_cluster.sh" start "$folder/pg" rolling
    python3 -B "$SUPPORT/demo_config.py" "$ROOT/config/returngate.toml" "$folder" --dsn "$(cat "$folder/pg/dsn")" \
        --port "$balancer" --sandbox "$sandbox" >"$folder/world"
    for name in first second; do
        sed -e "s/^port = .*/port = ${!name}/" -e 's/^unready_ms = .*/unready_ms = 1000/' "$folder/returngate.toml" >"$folder/$name.toml"
    done
    "$RELEASE/returngate" migrate --config "$folder/first.toml" >/dev/null
}

create_keys() {
    local caller
    for caller in platform buyer-app; do
        "$RELEASE/returngate" keys create --config "$folder/first.toml" --caller "$caller" --owner "rolling $caller" 2>"$LOG_FOLDER/keys.log"
    done | (umask 077 && jq -Rn '[inputs] | {platform: .[0], buyer_app: .[1]}' >"$folder/keys.json")
}

start_sandbox() {
    local callback options=()
    {
        read -r clock_offset
        while read -r callback; do options+=(--callback "$callback"); done
    } <"$folder/world"
    start sandbox "$RELEASE/returngate-sandbox" serve --port "$sandbox" --clock-offset "$clock_offset" \
        --accounts "$folder/accounts.json" --provider-book "$folder/provider.book" "${options[@]}"
    wait_until_ready "http://127.0.0.1:$sandbox/healthz" sandbox
}

# start_gateway NAME: its log goes on from its last life.
start_gateway() {
    if [ -f "$LOG_FOLDER/$1.log" ]; then cat "$LOG_FOLDER/$1.log" >>"$LOG_FOLDER/$1.before.log"; fi
    start "$1" "$RELEASE/returngate" serve --config "$folder/$1.toml"
    wait_until_ready "http://127.0.0.1:${!1}/readyz" "$1"
}

start_balancer() {
    export RETURNGATE_LISTEN=127.0.0.1:$balancer RETURNGATE_FIRST=127.0.0.1:$first RETURNGATE_SECOND=127.0.0.1:$second
    start haproxy haproxy -db -f "$ROOT/config/haproxy.cfg"
    wait_until_ready "http://127.0.0.1:$balancer/readyz" haproxy
}

restart() {
    local begin status=0
    begin=$(date +%s.%N)
    stop "$1" || status=$?
    [ "$status" = 0 ] || die "the gateway $1 ended with $status"
    start_gateway "$1"
    back_in_rotation
    printf '%s %s\n' "$begin" "$(date +%s.%N)" >>"$folder/restarts"
}

# How often a courier had to say something twice.
repeated_callbacks() {
    local courier
    for courier in YTO SF; do
        curl -fsS "http://127.0.0.1:$sandbox/sandbox/couriers/$courier/callbacks"
    done | jq -s '[.[].callbacks[]] | {callbacks: length, callbacks_repeated: ([.[] | select(.attempts > 1)] | length)}'
}

configure
create_keys
start_sandbox
start_gateway first
start_gateway second
start_balancer
: >"$folder/restarts"
echo "── $rate requests a second, $rounds times both gateways restarted" >&2
start traffic python3 -B "$ROOT/tests/rolling/traffic.py" --port "$balancer" --keys "$folder/keys.json" --rate "$rate" \
    --clock-offset "$clock_offset" --restarts "$folder/restarts"
traffic=${started[-1]}
sleep 3
for ((round = 0; round < rounds; ++round)); do
    restart first
    restart second
done
sleep 2
kill -0 "$traffic" 2>/dev/null || { cat "$LOG_FOLDER/traffic.log" >&2; die "the traffic ended by itself"; }
good=yes
stop traffic || good=
seen=$(head -n 1 "$LOG_FOLDER/traffic.log")
[ -n "$good" ] || tail -n +2 "$LOG_FOLDER/traffic.log" >&2
callbacks=$(repeated_callbacks) || die "the sandbox does not answer"
result=$(jq -n --argjson seen "$seen" --argjson callbacks "$callbacks" '$seen + $callbacks') ||
    { cat "$LOG_FOLDER/traffic.log" >&2; die "no figures"; }
printf '%s\n' "$result"
if [ -n "$json" ]; then printf '%s\n' "$result" >"$json"; fi
"$RELEASE/returngate" ledger verify --config "$folder/first.toml" >"$LOG_FOLDER/verify.log" || { cat "$LOG_FOLDER/verify.log" >&2; die "the ledger does not hold"; }
[ -n "$good" ] || die "requests failed"
[ "$(jq '.callbacks > 0 and .callbacks_repeated == 0' <<<"$result")" = true ] || die "callbacks failed"
