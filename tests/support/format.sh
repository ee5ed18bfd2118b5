#!/usr/bin/env bash
# Layout of the tracked C++ files: check (the default) or rewrite. Our own clang-format is 16.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
mapfile -d '' files < <(git ls-files -z -- '*.cpp' '*.hpp')
existing=()
for file in "${files[@]}"; do
    if [ -f "$file" ]; then existing+=("$file"); fi
done
[ ${#existing[@]} -gt 0 ] || { echo "format: no tracked C++ files; is this a git clone?" >&2; exit 1; }
if [ "${1:-check}" = rewrite ]; then
    printf '%s\0' "${existing[@]}" | xargs -0 -n 40 clang-format-16 -i
else
    printf '%s\0' "${existing[@]}" | xargs -0 -n 40 clang-format-16 --dry-run -Werror ||
        { echo "format: run ./dev format" >&2; exit 1; }
fi
