#!/usr/bin/env bash
# Installs the packages of package-lock.json into a folder, once per lock file.
set -euo pipefail

from=$(cd "$(dirname "$0")" && pwd)
into=$1
if cmp -s "$from/package-lock.json" "$into/installed.json"; then exit 0; fi
mkdir -p "$into"
cp "$from/package.json" "$from/package-lock.json" "$into/"
npm ci --prefix "$into" --ignore-scripts --no-audit --no-fund --loglevel=error
cp "$into/package-lock.json" "$into/installed.json"
