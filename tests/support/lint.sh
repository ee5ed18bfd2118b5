#!/usr/bin/env bash
# lint.sh BUILD [FILE…]: clang-tidy 16, which is also a clang compilation with all our warnings, over
# the given or all tracked .cpp files.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
build=$1
shift

# The same commands in clang's words: without ccache and the flags that only g++ knows.
lint=$build/../lint
mkdir -p "$lint"
sed -E -e 's#"command": "(ccache )?[^ ]+ #"command": "clang++-16 #' \
    -e 's# -fcoroutines| -Wno-(maybe-uninitialized|restrict|stringop-overflow|stringop-overread|tsan)##g' \
    "$build/compile_commands.json" >"$lint/compile_commands.json"

if [ $# -eq 0 ]; then
    mapfile -d '' files < <(git -c safe.directory="$PWD" ls-files -z -- '*.cpp')
    set -- "${files[@]}"
fi
known=()
for file in "$@"; do
    if grep -qF "\"$PWD/$file\"" "$lint/compile_commands.json"; then
        known+=("$file")
    elif [ -f "$file" ]; then
        echo "lint: $file belongs to no target; nothing compiles it" >&2
        exit 1
    fi
done
[ ${#known[@]} -gt 0 ] || { echo "lint: nothing to read"; exit 0; }
printf '%s\0' "${known[@]}" | xargs -0 -P "$(nproc)" -n 1 clang-tidy-16 --quiet -p "$lint" ||
    { echo "lint: mend what is listed above (or, for a false alarm, NOLINT(check) with the reason)" >&2; exit 1; }
echo "lint: ${#known[@]} files, no findings"
