#!/usr/bin/env python3
# fuzz.py BUILD [COURIER…] [--seconds N]: what ./dev fuzz runs: libFuzzer over each courier's decoders.
import argparse
import concurrent.futures
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_INPUT = 16384
LONGEST_RUN_SECONDS = 10  # of one input: a decoder takes microseconds
MEMORY_MEGABYTES = 2048
GRACE_SECONDS = 120  # to read the corpus and to stop, on a machine that does other things as well


class Course:
    """One courier's folders and figures."""

    def __init__(self, build, code):
        self.code = code
        self.programs = build / "tests" / "fuzz"
        self.folder = build / "couriers" / code
        self.found = build / "found"
        self.sources = ROOT / "adapters" / "courier" / code.lower()
        self.profile = self.folder / "profile.profraw"
        self.log = self.folder / "log.txt"
        self.executions = 0
        self.trouble = ""

    def prepare(self):
        """The corpus of earlier runs stays; seeds are written afresh, found regressions are added."""
        for name in ("corpus", "seeds"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.found.mkdir(exist_ok=True)
        self.profile.unlink(missing_ok=True)
        subprocess.run([self.programs / "fuzz_seeds", self.code, self.folder / "seeds"], check=True,
                       env=dict(os.environ, LLVM_PROFILE_FILE="/dev/null"))
        (self.folder / "words").write_text(dictionary(self.sources))

    def inputs(self):
        regressions = ROOT / "tests" / "fuzz" / "corpus" / self.code.lower()
        return [self.folder / "corpus", self.folder / "seeds"] + ([regressions] if regressions.is_dir() else [])

    def run(self, seconds):
        command = [self.programs / "courier_fuzz", f"-max_total_time={seconds}", f"-max_len={LONGEST_INPUT}",
                   f"-timeout={LONGEST_RUN_SECONDS}", f"-rss_limit_mb={MEMORY_MEGABYTES}", "-print_final_stats=1",
                   f"-dict={self.folder / 'words'}", f"-artifact_prefix={self.found}/{self.code}-", *self.inputs()]
        environment = dict(os.environ, RETURNGATE_FUZZ_COURIER=self.code, LLVM_PROFILE_FILE=str(self.profile),
                           ASAN_OPTIONS="detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1",
                           UBSAN_OPTIONS="print_stacktrace=1", ASAN_SYMBOLIZER_PATH="/usr/bin/llvm-symbolizer-16")
        with open(self.log, "wb") as log:
            try:
                status = subprocess.run(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                        timeout=seconds + GRACE_SECONDS).returncode
            except subprocess.TimeoutExpired:
                status = None
        text = self.log.read_text("utf-8", "replace")
        executions = re.search(r"stat::number_of_executed_units: *(\d+)", text)
        self.executions = int(executions.group(1)) if executions else 0
        if status is None:
            self.trouble = f"did not stop by itself; see {self.log}"
        elif status != 0:
            self.trouble = complaint(text, self.log)
        return self

    def coverage(self):
        """Share of the lines in adapters/courier/<code> that ran, in percent; the others go into a file."""
        data = self.folder / "profile.profdata"
        subprocess.run(["llvm-profdata-16", "merge", "-o", data, self.profile], check=True)
        program = [self.programs / "courier_fuzz", f"-instr-profile={data}", self.sources]
        exported = subprocess.run(["llvm-cov-16", "export", "-summary-only", *program], check=True, capture_output=True)
        shown = subprocess.run(["llvm-cov-16", "show", *program], check=True, capture_output=True)
        (self.folder / "lines.txt").write_bytes(shown.stdout)
        return json.loads(exported.stdout)["data"][0]["totals"]["lines"]["percent"]


def dictionary(sources):
    """Every quoted text in a dialect is a word that its decoders may know."""
    words = set()
    for path in sorted(sources.glob("*.[ch]pp")):
        words.update(re.findall(r'"([^"\\\n]{1,40})"', path.read_text("utf-8")))
    escape = lambda word: "".join(chr(b) if 32 <= b < 127 else f"\\x{b:02x}" for b in word.encode())
    return "".join(f'"{escape(word)}"\n' for word in sorted(words))


def complaint(text, log):
    rule = re.search(r"broken rule: (.*)|(?:ERROR|SUMMARY): \w+: (.*)|runtime error: (.*)", text)
    saved = re.search(r"Test unit written to (\S+)", text)
    said = next(filter(None, rule.groups()), "") if rule else "stopped"
    where = f"input {saved.group(1)}" if saved else f"see {log}"
    return f"{said}; {where}"


def run_all(courses, seconds):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [pool.submit(course.run, seconds) for course in courses]
        for done in concurrent.futures.as_completed(runs):
            course = done.result()
            if course.trouble:
                print(f"{course.code:<10} {course.trouble}", flush=True)
                continue
            print(f"{course.code:<10} {course.executions:>10} executions, {course.coverage():5.1f} % of the lines",
                  flush=True)


def main():
    parser = argparse.ArgumentParser(prog="./dev fuzz")
    parser.add_argument("build", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("couriers", nargs="*", metavar="COURIER", help="codes as in docs/couriers.md; none: all")
    parser.add_argument("--seconds", type=int, default=300, help="per courier (300)")
    arguments = parser.parse_args()
    known = sorted(path.name.upper() for path in (ROOT / "adapters" / "courier").iterdir() if path.is_dir())
    unknown = [code for code in arguments.couriers if code not in known]
    if unknown or arguments.seconds < 1:
        parser.error(f"no courier {', '.join(unknown)}" if unknown else "--seconds is at least 1")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    courses = [Course(arguments.build.resolve(), code) for code in arguments.couriers or known]
    for course in courses:
        course.prepare()
    run_all(courses, arguments.seconds)
    print(f"lines that nothing reached: {arguments.build}/couriers/COURIER/lines.txt")
    failed = [course.code for course in courses if course.trouble]
    if failed:
        sys.exit(f"fuzz: {', '.join(failed)}: make the input a test, mend, keep it in tests/fuzz/corpus/")


if __name__ == "__main__":
    main()
