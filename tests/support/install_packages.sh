#!/usr/bin/env bash
# Installs what is missing of the named groups of Debian packages: run, test, lint, fuzz, rolling.
set -euo pipefail

RUN=(g++ cmake ninja-build ccache lld pkg-config git
    libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libssl-dev libsimdjson-dev libpqxx-dev
    prometheus-cpp-dev libgtest-dev libgmock-dev libcli11-dev libtomlplusplus-dev libspdlog-dev libfmt-dev
    libexpected-dev libhowardhinnant-date-dev libpugixml-dev libmimalloc-dev tzdata openssl curl jq python3 python3-yaml util-linux
    ca-certificates postgresql-15 postgresql-client-15)
TEST=(clang-format-16 prometheus)
# Node from elsewhere will do; Debian's is 18.
if ! command -v npm >/dev/null; then TEST+=(nodejs npm); fi
LINT=(clang-16 clang-tidy-16)
FUZZ=(clang-16 libclang-rt-16-dev llvm-16)
ROLLING=(haproxy)
SERVICES=(prometheus haproxy)  # whose packages make one

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# As root, with the list of packages. Debian starts the services that it installs, and makes a
# PostgreSQL cluster; we want the programs only. What ran before is left alone.
install_as_root() {
    exec 9>/run/lock/returngate-install.lock
    flock 9
    local policy=/usr/sbin/policy-rc.d drop_in=/etc/postgresql-common/createcluster.d/returngate.conf ours=
    local service strangers=()
    for service in "${SERVICES[@]}"; do
        if ! is_installed "$service"; then strangers+=("$service"); fi
    done
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
        ours=yes
    fi
    mkdir -p "${drop_in%/*}"
    printf '%s\n' '# Only while ./dev install runs.' 'create_main_cluster = false' >"$drop_in"
    # shellcheck disable=SC2064
    trap "rm -f '$drop_in'; rmdir --ignore-fail-on-non-empty '${drop_in%/*}'; [ -z '$ours' ] || rm -f '$policy'" EXIT
    export DEBIAN_FRONTEND=noninteractive
    local apt=(apt-get -qq -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0)
    local log
    log=$(mktemp)
    if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$@"; } </dev/null >"$log" 2>&1 9>&-; then
        tail -n 40 "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
    # Nor may it start by itself at the next boot; a machine without systemd has two other places.
    for service in "${strangers[@]}"; do
        if ! is_installed "$service"; then continue; fi
        if command -v systemctl >/dev/null; then
            systemctl disable "$service.service"
        else
            deb-systemd-helper disable "$service.service"
            update-rc.d "$service" disable
        fi >/dev/null 2>&1 || true
    done
}

if [ "${1:-}" = --as-root ]; then
    shift
    install_as_root "$@"
    exit 0
fi

wanted=()
for group in "$@"; do
    case $group in
        run) wanted+=("${RUN[@]}") ;;
        test) wanted+=("${TEST[@]}") ;;
        lint) wanted+=("${LINT[@]}") ;;
        fuzz) wanted+=("${FUZZ[@]}") ;;
        rolling) wanted+=("${ROLLING[@]}") ;;
        *) echo "install: there is no package group '$group' (run, test, lint, fuzz, rolling)" >&2; exit 2 ;;
    esac
done

if ! command -v dpkg-query >/dev/null || ! grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release; then
    echo "install: this is not Debian 12; install the counterparts of these yourself: ${wanted[*]}" >&2
    exit 0
fi

missing=()
for package in "${wanted[@]}"; do
    if ! is_installed "$package"; then missing+=("$package"); fi
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

echo "install: ${missing[*]}"
if [ "$(id -u)" = 0 ]; then
    "$0" --as-root "${missing[@]}"
elif command -v sudo >/dev/null; then
    sudo "$0" --as-root "${missing[@]}"
else
    echo "install: neither root nor sudo; let root run: ./dev install" >&2
    exit 1
fi
