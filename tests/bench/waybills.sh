# Waybill checks in one thread of one process, against a std::regex per format over the same numbers.
# Sourced by run.sh.
# shellcheck shell=bash

figures=$("$BUILD/tests/returngate-bench" waybills --seconds "$seconds" --numbers "$numbers") ||
    die "the baseline names other couriers: $figures"
finish "$(jq --argjson cores "$(nproc)" '. + {cores: $cores}' <<<"$figures")"
