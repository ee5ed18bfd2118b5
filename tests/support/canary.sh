#!/usr/bin/env bash
# Builds the gateway with one planted bug at a time and asks that an end-to-end test notices; with none
# planted the same tests have to pass.
#   canary.sh [N…]   all that gateway/pipeline/plant.hpp lists, or the given numbers
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
build=$PWD/build/canary
log=$build/log
mkdir -p "$log"

# The tests that watch money: kills under load, races of two gateways, a provider that loses its answers.
watch='^(KillTest\.LosesNothing|TwoGateways\.|Way/ABadDayOfTheProvider\..*/(executes_and_hangs_up|hangs_up_before|does_not_know))'

# name=number, as plant.hpp lists them.
mapfile -t plants < <(sed -nE 's/.*constexpr int (kPlant\w+) = ([0-9]+);.*/\1=\2/p' gateway/pipeline/plant.hpp)
[ ${#plants[@]} -gt 0 ] || { echo "canary: gateway/pipeline/plant.hpp lists no planted bug" >&2; exit 1; }
for number in "$@"; do
    [[ " ${plants[*]#*=} " == *" $number "* ]] || { echo "canary: there is no planted bug $number" >&2; exit 1; }
done
trap 'tests/support/pg_cluster.sh stop "$build/pg" >/dev/null 2>&1 || true' EXIT

# run_with N: builds and tests with bug N; the tests' names that failed, one a line, in $log/failed.N.
run_with() {
    local plant=$1
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=g++ \
        -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DRETURNGATE_PLANT="$plant" >"$log/configure.$plant" 2>&1 ||
        { tail -n 20 "$log/configure.$plant" >&2; exit 1; }
    ninja -C "$build" -j "${RETURNGATE_JOBS:-$(nproc)}" returngate test_e2e >"$log/build.$plant" 2>&1 ||
        { tail -n 20 "$log/build.$plant" >&2; exit 1; }
    ctest --test-dir "$build" --parallel 2 --no-tests=error --output-on-failure -R "$watch" </dev/null >"$log/test.$plant" 2>&1 || true
    grep -q '% tests passed' "$log/test.$plant" || { tail -n 20 "$log/test.$plant" >&2; exit 1; }
    # A test named in the list of failures, not a broken fixture, is what counts.
    sed -nE '/The following tests FAILED/,$ s/^\s+[0-9]+ - (.*) \([^()]*\)$/\1/p' "$log/test.$plant" | grep -vE '^pg_(start|stop)$' >"$log/failed.$plant" || true
    if grep -qE ' - pg_start \(' "$log/test.$plant"; then
        echo "canary: the database of the tests did not start; see $log/test.$plant" >&2
        exit 1
    fi
}

failed=0
run_with 0
if [ -s "$log/failed.0" ]; then
    echo "plant 0 (none): NOT GREEN: $(paste -sd ' ' "$log/failed.0")"
    exit 1
fi
echo "plant 0 (none): green"
for line in "${plants[@]}"; do
    name=${line%=*} plant=${line#*=}
    if [ $# -gt 0 ] && [[ " $* " != *" $plant "* ]]; then continue; fi
    where=$(grep -rnE "\b$name\b|RETURNGATE_PLANT == $plant\b" adapters gateway --include=*.cpp | head -n 1 | cut -d: -f1,2 || true)
    if [ -z "$where" ]; then
        echo "plant $plant ($name): planted nowhere"
        failed=1
        continue
    fi
    run_with "$plant"
    if [ -s "$log/failed.$plant" ]; then
        echo "plant $plant ($name, $where): caught by $(paste -sd ' ' "$log/failed.$plant")"
    else
        echo "plant $plant ($name, $where): NOT CAUGHT"
        failed=1
    fi
done
exit "$failed"
