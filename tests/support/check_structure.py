#!/usr/bin/env python3
# The rules of the house that a compiler does not know; check_structure_test.py has a bad example of each.
import re
import subprocess
import sys
from pathlib import Path

LONGEST_FILE = 600
# Tables of facts may be as long as the facts; listed by path, each with its reason.
LONG_TABLES = {}

CODE = (".cpp", ".hpp")
COMMENTED = {".cpp": "//", ".hpp": "//", ".sh": "#", ".py": "#", ".toml": "#", ".yml": "#", ".cmake": "#",
             ".service": "#", ".sql": "--"}
SCRIPTS_WITHOUT_SUFFIX = ("dev", ".ci/run", "CMakeLists.txt", "tests/CMakeLists.txt")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
ROOMS = ("src/", "adapters/", "gateway/", "tests/")
# What a room may include of ours: nothing backwards.
ALLOWED = {
    "src/": ("src/",),
    "adapters/": ("src/", "adapters/"),
    "gateway/": ("src/", "adapters/", "gateway/"),
    "tests/": ROOMS,
}
# Standard headers that bring I/O, time, threads or chance into the domain.
NOT_IN_DOMAIN = {"thread", "mutex", "shared_mutex", "condition_variable", "future", "atomic", "semaphore", "latch",
                 "barrier", "stop_token", "filesystem", "fstream", "iostream", "cstdio", "ctime", "random", "csignal",
                 "coroutine", "stdio.h", "stdlib.h", "time.h", "unistd.h"}
DOMAIN_LIBRARIES = re.compile(r"^(tl/expected\.hpp|date/[a-z_]+\.h)$")
IMPURE = re.compile(r"\b(?:\w+_clock::now|s?rand\s*\(|random_device|getenv|this_thread|std::thread|std::jthread"
                    r"|std::(?:\w+_)?mutex|std::atomic|std::c(?:out|err|in)\b|fopen|printf\s*\()")
# Slow to compile, so they stay behind .cpp files; Asio's awaitable and io_context are light enough.
HEAVY_HEADERS = re.compile(r"^(boost/beast|boost/json|simdjson|pqxx|openssl/|pugixml|spdlog/|prometheus/|CLI/|toml\+\+)")
PROMISES = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
SKIPPED_TESTS = re.compile(r"\bGTEST_" r"SKIP\b|\bDIS" r"ABLED_\w")


def room_of(path):
    return next((room for room in ROOMS if path.startswith(room)), None)


def courier_of(path):
    match = re.match(r"adapters/courier/([^/]+)/", path)
    return match.group(1) if match else None


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def without_comments_and_strings(text):
    """Same length and line breaks, so that positions stay true."""
    blank = lambda match: re.sub(r"[^\n]", " ", match.group(0))
    pattern = (r'R"([^()\\\s]{0,16})\(.*?\)\1"' r'|"(?:\\.|[^"\\\n])*"' r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'"
               r"|//[^\n]*|/\*.*?\*/")
    return re.sub(pattern, blank, text, flags=re.S)


def check_includes(path, text):
    room = room_of(path)
    if not path.endswith(CODE) or room is None:
        return
    courier = courier_of(path)
    for match in INCLUDE.finditer(text):
        line, quoted, name = line_of(text, match.start()), match.group(1) == '"', match.group(2)
        if quoted and not name.startswith(ROOMS):
            yield line, f'"{name}": write our includes from the repository root'
        elif quoted and not name.startswith(ALLOWED[room]):
            yield line, f"{name}: src <- adapters <- gateway, never backwards; move the type down or pass a value"
        if room == "src/" and not quoted and not DOMAIN_LIBRARIES.match(name):
            if name in NOT_IN_DOMAIN or "/" in name or name.endswith((".h", ".hpp")):
                yield line, f"<{name}>: src decides with the standard library, tl/expected and date only; do it in adapters"
        if room == "gateway/" and name.startswith("adapters/sandbox/"):
            yield line, f"{name}: the sandbox is the outside world; production code meets it over HTTP only"
        if name == "boost/asio.hpp":
            yield line, "<boost/asio.hpp> costs seconds per file: include the single headers"
        at_home = path.startswith("adapters/postgres/") and name.startswith("pqxx/")
        if path.endswith(".hpp") and not path.startswith("tests/") and HEAVY_HEADERS.match(name) and not at_home:
            yield line, f"<{name}> in a header makes every includer slow: keep it in the .cpp, behind a value or a pimpl"
        if courier:
            other = courier_of(name)
            if other and other != courier:
                yield line, f"{name}: a courier never includes another one; put what they share in adapters/json, crypto or http"
            if name.startswith(("adapters/postgres/", "adapters/payout/", "pqxx", "boost/", "spdlog/", "prometheus/")):
                yield line, f"{name}: a courier is a pure dialect; sending, storing and measuring are the gateway's"


def check_first_line(path, text):
    comment = COMMENTED.get(Path(path).suffix) or ("#" if path in SCRIPTS_WITHOUT_SUFFIX else None)
    if comment is None:
        return
    lines = text.split("\n", 2)
    line = 1
    if lines[0].startswith("#!"):
        lines, line = lines[1:], 2
    if not lines or not re.match(re.escape(comment) + r" \S.{10,}", lines[0]):
        yield line, f"start the file with one comment line ({comment} …) that says what lives here"


def check_length(path, text):
    lines = text.count("\n")
    if path.endswith(CODE + (".py", ".sh")) and lines > LONGEST_FILE and path not in LONG_TABLES:
        yield LONGEST_FILE, f"{lines} lines: split by concept (a table of facts is listed in LONG_TABLES with its reason)"


def check_domain_is_pure(path, text):
    if not path.startswith("src/") or not path.endswith(CODE):
        return
    for match in IMPURE.finditer(without_comments_and_strings(text)):
        yield line_of(text, match.start()), f"{match.group(0).strip()}: src has no clock, thread, chance or I/O; take it as an argument"


def check_promises(path, text):
    if not path.endswith(CODE + (".py", ".sh", ".sql", ".toml", ".yml", ".md")):
        return
    for match in PROMISES.finditer(text):
        yield line_of(text, match.start()), f"{match.group(0)}: do it now, or write it down where work is planned"
    for match in SKIPPED_TESTS.finditer(text):
        yield line_of(text, match.start()), f"{match.group(0)}: a test runs or is deleted; a missing tool is a failure"


# g++ 12.2 destroys a braced temporary twice when its full expression also has a co_await.
BLOCK_WORDS = ("try", "else", "do", "const", "noexcept", "override", "final", "mutable")


def opens_a_block(before):
    """Whether a `{` after this text begins a block, not an initialiser."""
    before = before.rstrip()
    if before.endswith((")", ";", "{", "}", "]", ":")) or not before:
        return True
    if before.endswith(">"):
        return "->" in before.rsplit("\n", 1)[-1]
    word = re.search(r"(\w+)$", before)
    return bool(word) and (word.group(1) in BLOCK_WORDS or bool(re.search(r"->\s*[\w:]+$", before)))


def check_coroutine_braces(path, text):
    if not path.endswith(CODE):
        return
    code = without_comments_and_strings(text)
    for match in re.finditer(r"\bco_await\b", code):
        here = match.start()
        start = max(code.rfind(mark, 0, here) for mark in ";{}") + 1
        braced = False
        if start > 0 and code[start - 1] == "{":
            braced = not opens_a_block(code[:start - 1])
        elif start > 0 and code[start - 1] == "}":
            braced = code[start:].lstrip()[:1] in {",", ")", "."}
        depth = 0
        position = start
        while not braced and position < len(code):
            mark = code[position]
            if mark in "([":
                depth += 1
            elif mark in ")]":
                depth -= 1
            elif mark == "{":
                # `if (co_await f()) {` opens a block once its parentheses are closed.
                braced = not (depth <= 0 and opens_a_block(code[start:position]))
                if not braced:
                    break
            elif mark == ";" and position > here:
                break
            position += 1
        before = code[start:here]
        if re.match(r"\s*while\s*\(", before) or re.search(r"[^?]\?[^?]", before):
            yield line_of(text, here), "co_await in a loop condition or after ?: g++ 12 compiles it to a trap; await in a statement of its own"
        if braced:
            yield line_of(text, here), "braces in a statement with co_await: g++ 12 frees the temporary twice; name the value first"


def check_alerts(files):
    alerts = re.findall(r"^\s*-?\s*alert:\s*(\w+)", files.get("monitoring/alerts.yml", ""), re.M)
    headings = re.findall(r"^#+\s+(.*)$", files.get("docs/operations.md", ""), re.M)
    for alert in alerts:
        if not any(re.search(rf"\b{alert}\b", heading) for heading in headings):
            yield "docs/operations.md", 1, f"alert {alert} has no runbook: add a section with its name as heading"


def check_couriers(files):
    folders = {courier_of(path) for path in files if courier_of(path)}
    fixtures = {match.group(1) for path in files if (match := re.match(r"tests/conformance/([^/]+)/", path))}
    registry = files.get("adapters/courier/registry.cpp", "")
    for courier in sorted(folders):
        if not re.search(rf'#include "adapters/courier/{re.escape(courier)}/', registry):
            yield "adapters/courier/registry.cpp", 1, f"courier {courier} has a folder and no row: add it to the registry"
        if courier not in fixtures:
            yield f"adapters/courier/{courier}/", 1, f"no recorded exchanges: add tests/conformance/{courier}/"
        if f"adapters/courier/{courier}/README.md" not in files:
            yield f"adapters/courier/{courier}/", 1, "no README.md: say where the protocol's facts come from, and which are doubtful"
    for courier in sorted(fixtures - folders):
        yield f"tests/conformance/{courier}/", 1, f"fixtures of a courier that we do not speak: no adapters/courier/{courier}/"


# Neither compiler says it: tl::expected is not [[nodiscard]], and g++ forgets the mark after co_await anyway.
FALLIBLE = re.compile(r"\bawaitable<\s*Result<[^;{]*?>>\s+(?:\w+::)*(\w+)\s*\(")
SILENT = re.compile(r"\bawaitable<(?!\s*Result<)[^;{]*?>\s+(?:\w+::)*(\w+)\s*\(")


def check_awaited_results(files):
    codes = {path: without_comments_and_strings(text) for path, text in files.items() if path.endswith(CODE)}
    # By name only: one that is also the name of something that cannot fail is left to the reader.
    fallible = {name for code in codes.values() for name in FALLIBLE.findall(code)}
    fallible -= {name for code in codes.values() for name in SILENT.findall(code)}
    if not fallible:
        return
    dropped = re.compile(r"(?<=[;{})])\s*co_await\s+(?:\w+(?:\.|->|::))*(" + "|".join(sorted(fallible)) + r")\s*\(")
    for path, code in codes.items():
        for match in dropped.finditer(code):
            yield path, line_of(code, match.end()), f"the result of {match.group(1)}() is dropped: a failure has to be seen"


FILE_RULES = (check_includes, check_first_line, check_length, check_domain_is_pure, check_promises, check_coroutine_braces)
TREE_RULES = (check_alerts, check_awaited_results, check_couriers)


def findings(files):
    """files: path from the root -> text. Yields (path, line, what to do)."""
    for path, text in sorted(files.items()):
        for rule in FILE_RULES:
            for line, message in rule(path, text):
                yield path, line, message
    for rule in TREE_RULES:
        yield from rule(files)


def tracked_files(root):
    listing = subprocess.run(["git", "-c", f"safe.directory={root}", "-C", root, "ls-files", "-z"],
                             check=True, capture_output=True).stdout.decode()
    files = {}
    for name in filter(None, listing.split("\0")):
        path = Path(root, name)
        if path.is_file():
            files[name] = path.read_bytes().decode("utf-8", "replace")
    return files


def main():
    root = str(Path(__file__).resolve().parents[2])
    files = tracked_files(root)
    if not files:
        sys.exit("structure: no tracked files; is this a git clone?")
    found = list(findings(files))
    for path, line, message in found:
        print(f"{path}:{line}: {message}")
    if found:
        sys.exit(f"structure: {len(found)} findings")
    print(f"structure: {len(files)} files keep the rules")


if __name__ == "__main__":
    main()
