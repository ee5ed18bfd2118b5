# shellcheck shell=bash
# Processes that a script starts, by name, and stops when it ends; logs are in $LOG_FOLDER. Sourced.

started=()         # process ids, in the order of their start
started_names=()

# start NAME COMMAND…: in a session of its own, so that Ctrl-C reaches it through us, in order; and
# if we are killed outright, the kernel tells it to end.
start() {
    local name=$1
    shift
    setsid setpriv --pdeathsig TERM -- "$@" </dev/null >"$LOG_FOLDER/$name.log" 2>&1 8>&- &
    started+=($!)
    started_names+=("$name")
}

# stop_process INDEX: asks, waits, and ends it if it does not end; its exit status.
stop_process() {
    local pid=${started[$1]} tries
    unset "started[$1]" "started_names[$1]"
    kill -TERM "$pid" 2>/dev/null || true
    for ((tries = 0; tries < 200; ++tries)); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null
}

# stop NAME
stop() {
    local index
    for index in "${!started[@]}"; do
        if [ "${started_names[index]}" = "$1" ]; then stop_process "$index"; return; fi
    done
}

# The last to start is the first to end.
stop_all() {
    local indices=("${!started[@]}") i
    for ((i = ${#indices[@]} - 1; i >= 0; --i)); do stop_process "${indices[i]}" || true; done
}

# wait_until_ready URL NAME: of the process that was started last.
wait_until_ready() {
    local url=$1 name=$2 tries
    for ((tries = 0; tries < 150; ++tries)); do
        if curl -fsS --max-time 2 -o /dev/null "$url" 2>/dev/null; then return; fi
        if ! kill -0 "${started[-1]}" 2>/dev/null; then break; fi
        sleep 0.1
    done
    tail -n 20 "$LOG_FOLDER/$name.log" >&2
    die "$name is not ready at $url; its log is $LOG_FOLDER/$name.log"
}

# free_port WANTED [TAKEN]: the wanted one, or any other that nobody listens on.
free_port() {
    python3 -B - "$@" <<'PYTHON'
import socket
import sys

wanted, taken = int(sys.argv[1]), {int(port) for port in sys.argv[2:]}
for port in (wanted, 0, 0, 0):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        if probe.getsockname()[1] not in taken:
            print(probe.getsockname()[1])
            break
PYTHON
}
