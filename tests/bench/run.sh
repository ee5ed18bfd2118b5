#!/usr/bin/env bash
# ./dev bench: one file per benchmark beside this one, what they share in lib.sh. Load generator and database
# are on the same machine, fsync is on, all rules are on.
set -euo pipefail

BUILD=$1
shift
ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
SUPPORT=$ROOT/tests/support
usage() {
    cat >&2 <<'TEXT'
./dev bench callbacks [--cases N] [--buyers N] [--seconds S] [--connections N] [--rate R] [--json FILE]
  advances_per_s, p50_ms, p99_ms     closed loop over --connections (256)
  open_loop_p99_ms                   at --rate (1000) a second, from the intended send time
  batch_of_one_per_s                 the same gateway, one command a transaction
  statements_per_callback_baseline_per_s   pgbench, best of 8, 32 and 64 clients
./dev bench bookings [the same options]
  bookings_per_s, p50_ms, p99_ms     application and pickup in one request, closed loop; open loop as above
./dev bench latency [--cases N] [--buyers N] [--seconds S] [--connections N] [--json FILE]
  open_loop                          p50 and p99 of signed callbacks at 100, 1,000 and 5,000 a second
./dev bench couriers [--seconds S] [--json FILE]
  confirmed_by_question, signed      from what was heard last to the advance, p50 and p99
  acceptance[_beside_a_dead_courier] from the intent to the other courier's yes; p99_ratio
./dev bench waybills [--numbers N] [--seconds S] [--json FILE]
  checks_per_s, regex_baseline_per_s in one thread; ratio_to_baseline; allocations_per_check
A quick try: --cases 20000 --buyers 4000 --seconds 2
TEXT
    exit 2
}

case ${1:-} in callbacks | bookings | latency | waybills | couriers) bench=$1 ;; *) usage ;; esac
shift
cases=1000000 buyers=200000 seconds=20 connections=256 rate=1000 numbers=20000 json=
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --cases) cases=$2 ;;
        --buyers) buyers=$2 ;;
        --seconds) seconds=$2 ;;
        --connections) connections=$2 ;;
        --rate) rate=$2 ;;
        --numbers) numbers=$2 ;;
        --json) json=$2 ;;
        *) usage ;;
    esac
    shift 2
done

# shellcheck source=tests/bench/lib.sh
. "$ROOT/tests/bench/lib.sh"
# shellcheck source=/dev/null
. "$ROOT/tests/bench/$bench.sh"
