#!/usr/bin/env bash
# Builds the product with one planted bug at a time (RETURNGATE_PLANT=N) and asks that a test notices.
#   canary.sh [N…]   all that gateway/pipeline/plant.hpp lists, or the given numbers
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
build=$PWD/build/canary
log=$PWD/build/canary/log
mkdir -p "$log"

# name=number, as plant.hpp lists them.
mapfile -t plants < <(sed -nE 's/.*constexpr int (kPlant\w+) = ([0-9]+);.*/\1=\2/p' gateway/pipeline/plant.hpp)
[ ${#plants[@]} -gt 0 ] || { echo "canary: gateway/pipeline/plant.hpp lists no planted bug" >&2; exit 1; }
trap 'tests/support/pg_cluster.sh stop "$build/pg" >/dev/null 2>&1 || true' EXIT

escaped=0
for line in "${plants[@]}"; do
    name=${line%=*} plant=${line#*=}
    if [ $# -gt 0 ] && [[ " $* " != *" $plant "* ]]; then continue; fi
    where=$(grep -rnw "$name" adapters gateway --include=*.cpp | head -n 1 | cut -d: -f1,2 || true)
    if [ -z "$where" ]; then
        echo "plant $plant ($name): planted nowhere"
        escaped=1
        continue
    fi
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=g++ \
        -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DRETURNGATE_PLANT="$plant" >"$log/configure.$plant" 2>&1
    ninja -C "$build" -j "$(nproc)" >"$log/build.$plant" 2>&1 || { tail -n 20 "$log/build.$plant" >&2; exit 1; }
    # The rules of the house read sources, not behaviour: only the other tests may notice.
    if ctest --test-dir "$build" --parallel 2 -L '^(fast|pg|e2e)$' -E '^(format|structure.*|alert_rules)$' </dev/null >"$log/test.$plant" 2>&1; then
        echo "plant $plant ($name, $where): ESCAPED"
        escaped=1
    else
        # A test named in the list of failures, not a broken run, is what counts.
        caught=$(sed -n '/The following tests FAILED/,$p' "$log/test.$plant" | grep -E '^\s+[0-9]+ - ' | grep -vcE ' - pg_(start|stop) ' || true)
        if [ "$caught" -gt 0 ]; then
            echo "plant $plant ($name, $where): caught by $caught tests"
        else
            tail -n 20 "$log/test.$plant" >&2
            echo "plant $plant ($name, $where): the tests did not run"
            escaped=1
        fi
    fi
done
exit "$escaped"
