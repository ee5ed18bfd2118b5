# shellcheck shell=bash
# ./dev run: starts everything that one return needs, shows one, and stops what it started. Sourced by dev.

# shellcheck source=tests/support/processes.sh
. "$SUPPORT/processes.sh"

RUN_FOLDER=$ROOT/var/run
LOG_FOLDER=$ROOT/var/log
RELEASE=$ROOT/build/release
has_started_cluster=
current_step=      # a step that has not ended yet
cluster_is_ours=$RUN_FOLDER/cluster_is_ours  # a file, so that a killed run's cluster is stopped by the next one

run_product() {
    local source=$ROOT/config/returngate.toml dsn=
    while [ $# -gt 0 ]; do
        case $1 in
            --config)
                [ -f "${2:-}" ] || die "--config needs a file: ${2:-nothing} is not one"
                source=$(realpath -- "$2")
                shift 2
                ;;
            *) die "run takes --config FILE, not $1" ;;
        esac
    done
    trap stop_everything EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP

    "$SUPPORT/install_packages.sh" run
    configure release
    say "build"
    step compile release returngate returngate-sandbox

    mkdir -p "$RUN_FOLDER" "$LOG_FOLDER"
    exec 8>"$RUN_FOLDER/.lock"
    flock -n 8 || die "./dev run is already running in this clone"
    if [ "$source" = "$ROOT/config/returngate.toml" ]; then
        say "database"
        if ! "$SUPPORT/pg_cluster.sh" status "$ROOT/var/postgres"; then : >"$cluster_is_ours"; fi
        "$SUPPORT/pg_cluster.sh" start "$ROOT/var/postgres" returngate 8>&-
        has_started_cluster=yes
        dsn=$(cat "$ROOT/var/postgres/dsn")
    fi
    local gateway_port sandbox_port world
    gateway_port=$(free_port 8080)
    sandbox_port=$(free_port 8090 "$gateway_port")
    world=$(python3 -B "$SUPPORT/demo_config.py" "$source" "$RUN_FOLDER" ${dsn:+--dsn "$dsn"} \
        --port "$gateway_port" --sandbox "$sandbox_port")
    CONFIG=$RUN_FOLDER/returngate.toml GATEWAY=http://127.0.0.1:$gateway_port SANDBOX=http://127.0.0.1:$sandbox_port

    say "tables"
    "$RELEASE/returngate" migrate --config "$CONFIG" ||
        die "the tables cannot be brought up to date; a private database of an early version goes with ./dev clean"
    create_keys
    say "gateway $GATEWAY, sandbox $SANDBOX"
    start_sandbox "$sandbox_port" "$world"
    start_gateway
    say "one return, from the application to the money"
    drive_one_return
    print_what_to_try
    wait_for_the_end
}

# ---- what is run, with its flags -----------------------------------------------------------------

start_gateway() {
    start gateway "$RELEASE/returngate" serve --config "$CONFIG"
    wait_until_ready "$GATEWAY/readyz" gateway
}

start_sandbox() {
    local port=$1 callback options=()
    {
        read -r CLOCK_OFFSET
        while read -r callback; do options+=(--callback "$callback"); done
    } <<<"$2"
    if [ "$CLOCK_OFFSET" != 0 ]; then
        echo "couriers do not come at this hour: the demo's clock is $((CLOCK_OFFSET / 60)) minutes ahead"
    fi
    start sandbox "$RELEASE/returngate-sandbox" serve --port "$port" --clock-offset "$CLOCK_OFFSET" --accounts "$RUN_FOLDER/accounts.json" \
        --provider-book "$RUN_FOLDER/provider.book" --gateway "$GATEWAY" --keys "$RUN_FOLDER/keys.json" "${options[@]}"
    wait_until_ready "$SANDBOX/healthz" sandbox
}

# keep_key FILE NAME KEY
keep_key() {
    jq --arg name "$2" --arg key "$3" '.[$name] = $key' "$1" >"$1.new"
    mv -f "$1.new" "$1"
}

# One key per party, and a second of operations: rulings and rules take two owners.
create_keys() {
    local caller key file=$RUN_FOLDER/keys.json
    rm -f "$file"
    (umask 077 && echo '{"seller_id": "seller-demo"}' >"$file")
    for caller in platform buyer-app seller finance operations; do
        local options=(--caller "$caller" --owner "demo-$caller")
        if [ "$caller" = seller ]; then options+=(--seller seller-demo); fi
        key=$("$RELEASE/returngate" keys create --config "$CONFIG" "${options[@]}" 2>"$LOG_FOLDER/keys.log") ||
            { cat "$LOG_FOLDER/keys.log" >&2; die "no key for $caller"; }
        keep_key "$file" "${caller//-/_}" "$key"
    done
    key=$("$RELEASE/returngate" keys create --config "$CONFIG" --caller operations --owner demo-another-owner \
        2>"$LOG_FOLDER/keys.log") || { cat "$LOG_FOLDER/keys.log" >&2; die "no key for another owner"; }
    keep_key "$file" another_owner "$key"
    chmod 600 "$file"
}

drive_one_return() { step shown_and_kept drive "$RELEASE/returngate-sandbox" drive --gateway "$GATEWAY" \
    --sandbox "$SANDBOX" --keys "$RUN_FOLDER/keys.json" --clock-offset "$CLOCK_OFFSET"; }

# shown_and_kept NAME COMMAND…: on the screen and in var/log.
shown_and_kept() {
    local name=$1
    shift
    "$@" 2>&1 | tee "$LOG_FOLDER/$name.log"
}

print_what_to_try() {
    local shown
    shown=$(grep -oE 'ret_[0-9a-z]+' "$LOG_FOLDER/drive.log" | head -n 1 || true)
    key() { jq -r ".$1" "$RUN_FOLDER/keys.json"; }
    cat <<TEXT

Running. Keys are in var/run/keys.json, logs in var/log/, the database is ./dev pg psql.

  buyer app   curl -s -H 'Authorization: Bearer $(key buyer_app)' $GATEWAY/v1/pickup-slots
  seller      curl -s -H 'Authorization: Bearer $(key seller)' $GATEWAY/v1/returns/${shown:-ID}
  finance     curl -s -H 'Authorization: Bearer $(key finance)' $GATEWAY/v1/finance/advances
  operations  curl -s -H 'Authorization: Bearer $(key operations)' $GATEWAY/v1/operations/halts
  courier     curl -s $SANDBOX/sandbox/couriers/YTO/book
  provider    curl -s $SANDBOX/sandbox/provider/book
  health      curl -s $GATEWAY/readyz; curl -s $GATEWAY/metrics; curl -s $GATEWAY/openapi.json

Ctrl-C stops everything.
TEXT
}

# ---- steps and the end ---------------------------------------------------------------------------

# step COMMAND…: waits for it, and can be interrupted while it runs: it is a process group of its own.
step() {
    set -m
    "$@" </dev/null 8>&- &
    current_step=$!
    set +m
    local status=0
    wait "$current_step" || status=$?
    current_step=
    [ "$status" = 0 ] || die "this step failed ($status): $*"
}

wait_for_the_end() {
    local ended=0 index
    wait -n "${started[@]}" || ended=$?
    for index in "${!started[@]}"; do
        if ! kill -0 "${started[index]}" 2>/dev/null; then
            tail -n 20 "$LOG_FOLDER/${started_names[index]}.log" >&2
            die "${started_names[index]} ended by itself ($ended); its log is var/log/${started_names[index]}.log"
        fi
    done
}

stop_everything() {
    local status=$?
    trap '' INT TERM HUP
    if [ -n "$current_step" ]; then
        kill -TERM -- "-$current_step" 2>/dev/null || true
        wait "$current_step" 2>/dev/null || true
    fi
    stop_all
    if [ -n "$has_started_cluster" ] && [ -f "$cluster_is_ours" ]; then
        "$SUPPORT/pg_cluster.sh" stop "$ROOT/var/postgres" --keep 8>&- && rm -f "$cluster_is_ours"
    fi
    exit "$status"
}
