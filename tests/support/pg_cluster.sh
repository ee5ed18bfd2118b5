#!/usr/bin/env bash
# A private PostgreSQL 15 cluster, by unix socket only, recorded in DIR:
#   start DIR [DATABASE]  writes the connection string to DIR/dsn; with DATABASE the cluster is kept
#                         from run to run, without it the cluster is thrown away by the next stop
#   stop DIR [--keep]     stops it and, without --keep, removes it
#   kill DIR              kill -9 of the server and all its processes at once, as a crash would; start brings
#                         a kept cluster back
#   status DIR            exit 0 when it runs
# PostgreSQL refuses to run as root, so root lends it to another user, whose reach decides where the
# data can live: a clone below /root keeps its data under /var/tmp and DIR/place names it.
set -euo pipefail
export LC_ALL=C.UTF-8

die() { printf 'pg_cluster: %s\n' "$*" >&2; exit 1; }

[ $# -ge 2 ] || die "say start DIR [DATABASE], stop DIR [--keep], kill DIR or status DIR"
action=$1
option=${3:-}
mkdir -p -- "$2" || die "cannot make $2"
DIR=$(cd -- "$2" && pwd -P)
BIN=${RETURNGATE_PG_BIN:-/usr/lib/postgresql/15/bin}
ME=$(id -u)

# Who runs the server.
server_user=
if [ "$ME" = 0 ]; then
    if getent passwd postgres >/dev/null; then server_user=postgres; else server_user=nobody; fi
fi
as_server() {
    if [ -z "$server_user" ]; then
        (cd / && "$@")
    else
        # HOME of the caller is not the server's.
        (cd / && HOME=/nonexistent setpriv --reuid="$(id -u "$server_user")" --regid="$(id -g "$server_user")" --clear-groups -- "$@")
    fi
}

# One start or stop per DIR at a time; the server must not inherit the lock.
exec 9>"$DIR/.lock"
flock -w 120 9 || die "another start or stop has held $DIR/.lock for two minutes"

# Where the data is: recorded when it is not DIR itself.
place() { if [ -s "$DIR/place" ]; then cat "$DIR/place"; else echo "$DIR"; fi; }

is_running() { as_server "$BIN/pg_ctl" status -D "$1/data" >/dev/null 2>&1; }

stop_server() {
    if is_running "$1"; then
        as_server "$BIN/pg_ctl" stop -D "$1/data" -m fast -w -t 60 >/dev/null 2>&1 ||
            as_server "$BIN/pg_ctl" stop -D "$1/data" -m immediate -w -t 20 >/dev/null 2>&1 ||
            die "the server in $1/data does not stop; see $1/server.log"
    fi
}

children_of() { sed -nE "s/^([0-9]+) \(.*\) [A-Z] $1 .*/\1/p" /proc/[0-9]*/stat 2>/dev/null || true; }

kill_server() {
    local postmaster pids pid tries
    postmaster=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) || die "no server runs in $1/data"
    # Stopped, it neither starts another child nor cleans up after one.
    kill -STOP "$postmaster"
    read -r -d '' -a pids < <(children_of "$postmaster") || true
    pids+=("$postmaster")
    kill -KILL "${pids[@]}"
    # Until they are reaped the next start takes them for a server that runs.
    for pid in "${pids[@]}"; do
        for ((tries = 0; tries < 1000; ++tries)); do
            kill -0 "$pid" 2>/dev/null || continue 2
            sleep 0.02
        done
        die "process $pid does not die"
    done
}

remove_cluster() {
    local where=$1
    stop_server "$where"
    if [ -s "$where/socket_place" ]; then rm -rf -- "$(cat "$where/socket_place")"; fi
    rm -rf -- "$where/data" "$where/server.log" "$where/socket" "$where/socket_place" "$DIR/dsn" "$DIR/place"
    if [ "$where" != "$DIR" ]; then rm -rf -- "$where"; fi
}

# Data places outside a clone whose clone is gone (older than an hour: another start may be underway).
sweep_orphans() {
    local orphan owner
    find /var/tmp -maxdepth 1 -type d -name 'returngate-pg.*' -mmin +60 2>/dev/null | while read -r orphan; do
        owner=$(cat "$orphan/owner" 2>/dev/null) || continue
        if [ -O "$orphan/owner" ] && [ "$(cat "$owner/place" 2>/dev/null)" != "$orphan" ]; then
            stop_server "$orphan"
            if [ -s "$orphan/socket_place" ]; then rm -rf -- "$(cat "$orphan/socket_place")"; fi
            rm -rf -- "$orphan"
        fi
    done || true
}

# Chooses and prepares a place that the server's user can reach; prints it.
choose_place() {
    local where=$DIR
    if [ -n "$server_user" ] && ! as_server test -x "$DIR"; then
        where=$(mktemp -d /var/tmp/returngate-pg.XXXXXXXX)
        printf '%s\n' "$DIR" >"$where/owner"
        printf '%s\n' "$where" >"$DIR/place"
        chmod 711 "$where"
    fi
    echo "$where"
}

# initdb with what every cluster of ours has. Trust is by the socket's folder, which only its owner
# (and root) can enter.
make_cluster() {
    local where=$1 data=$1/data
    rm -rf -- "$data"
    mkdir -m 700 -- "$data"
    : >"$where/server.log"
    if [ -n "$server_user" ]; then chown "$server_user" "$data" "$where/server.log"; fi
    as_server "$BIN/initdb" -D "$data" -U returngate --auth=trust --data-checksums --encoding=UTF8 --locale=C.UTF-8 \
        --no-instructions >"$DIR/initdb.log" 2>&1 9>&- || { cat "$DIR/initdb.log" >&2; die "initdb failed"; }
    # A throwaway cluster outlives a killed server (the page cache does), and no power cut.
    local shared_buffers=64MB max_wal_size=1GB fsync=off wal_compression=off
    if [ -n "$option" ]; then
        # A quarter of the memory, as the manual says, up to what this product can use.
        shared_buffers=$(awk '/MemTotal/ {mb = int($2 / 4096); print (mb < 128 ? 128 : mb > 8192 ? 8192 : mb) "MB"}' /proc/meminfo)
        max_wal_size=4GB fsync=on wal_compression=lz4
    fi
    as_server tee -a "$data/postgresql.conf" >/dev/null <<CONF
# returngate: two cores, one machine, no network.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = $shared_buffers
max_wal_size = $max_wal_size
fsync = $fsync
synchronous_commit = on
full_page_writes = $fsync
wal_compression = $wal_compression
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
random_page_cost = 1.1
effective_io_concurrency = 32
max_parallel_workers_per_gather = 1
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
log_min_duration_statement = 1000
CONF
    printf '%s\n' 'local all all trust' | as_server tee "$data/pg_hba.conf" >/dev/null
}

# A socket's path holds 107 bytes, "/.s.PGSQL.5432" being 14 of them; and it stands in a connection
# string, where only plain characters need no quotes.
choose_socket() {
    local where=$1 socket=$1/socket plain='^[A-Za-z0-9_./+@-]{1,92}$'
    if ! [[ $socket =~ $plain ]]; then
        # A new one each time: what stood in /tmp since the last start may be somebody else's by now.
        if [ -s "$where/socket_place" ]; then rm -rf -- "$(cat "$where/socket_place")" || true; fi
        socket=$(mktemp -d /tmp/returngate-socket.XXXXXXXX)
        printf '%s\n' "$socket" >"$where/socket_place"
    fi
    if [ ! -d "$socket" ]; then mkdir -m 700 -- "$socket"; fi
    if [ -n "$server_user" ]; then chown "$server_user" "$socket"; fi
    echo "$socket"
}

start_server() {
    local where=$1 socket
    socket=$(choose_socket "$where")
    as_server "$BIN/pg_ctl" start -D "$where/data" -l "$where/server.log" -w -t 60 -o "-k '$socket'" \
        </dev/null >/dev/null 2>&1 9>&- ||
        { tail -n 20 "$where/server.log" >&2; die "PostgreSQL does not start; see $where/server.log"; }
    printf 'host=%s port=5432 user=returngate dbname=%s\n' "$socket" "${option:-postgres}" >"$DIR/dsn.new"
    if [ -n "$option" ]; then
        local maintenance="host=$socket port=5432 user=returngate dbname=postgres"
        "$BIN/psql" -XqAtd "$maintenance" -v name="$option" >/dev/null 2>&1 9>&- <<'SQL' || die "cannot make the database $option"
SELECT format('CREATE DATABASE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SQL
    fi
    mv -f -- "$DIR/dsn.new" "$DIR/dsn"
}

start() {
    local where owner
    [ -x "$BIN/initdb" ] || die "no PostgreSQL 15 in $BIN: ./dev install"
    sweep_orphans
    where=$(place)
    if [ -n "$option" ] && [ -s "$where/data/PG_VERSION" ]; then
        owner=$(stat -c %U "$where/data")
        [ "$owner" = "${server_user:-$(id -un)}" ] || die "$where/data belongs to $owner: run as the user who made it, or let that user ./dev clean"
        if is_running "$where" && [ -s "$DIR/dsn" ]; then return; fi
        stop_server "$where"
    else
        remove_cluster "$where"  # of an aborted run
        where=$(choose_place)
        make_cluster "$where"
    fi
    start_server "$where"
}

case $action in
    start) start ;;
    stop)
        where=$(place)
        if [ "$option" = --keep ]; then
            stop_server "$where"
            rm -f -- "$DIR/dsn"
        else
            remove_cluster "$where"
        fi
        ;;
    kill) kill_server "$(place)" ;;
    status) is_running "$(place)" ;;
    *) die "there is no '$action': start, stop, kill or status" ;;
esac
