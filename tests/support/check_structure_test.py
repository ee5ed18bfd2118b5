#!/usr/bin/env python3
# One bad example, and its good neighbour, for every rule of check_structure.py.
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import check_structure  # noqa: E402

HEAD = "// What lives here, in a line.\n"


def messages(path, body, head=HEAD):
    return [message for _, _, message in check_structure.findings({path: head + body})]


class Rules(unittest.TestCase):
    def refuses(self, path, body, words, head=HEAD):
        found = messages(path, body, head)
        self.assertTrue(any(words in message for message in found), f"{body!r} passed: {found}")

    def accepts(self, path, body, head=HEAD):
        self.assertEqual(messages(path, body, head), [])

    def test_includes_never_point_backwards(self):
        self.refuses("src/base/a.hpp", '#include "adapters/http/message.hpp"\n', "never backwards")
        self.refuses("adapters/http/a.cpp", '#include "gateway/api/routes.hpp"\n', "never backwards")
        self.refuses("gateway/api/a.cpp", '#include "tests/support/database.hpp"\n', "never backwards")
        self.refuses("gateway/api/a.cpp", '#include "adapters/sandbox/clock.hpp"\n', "over HTTP only")
        self.accepts("gateway/api/a.cpp", '#include "adapters/http/message.hpp"\n#include "src/base/money.hpp"\n')
        self.accepts("tests/e2e/a.cpp", '#include "gateway/api/routes.hpp"\n')

    def test_includes_start_at_the_root(self):
        self.refuses("src/base/a.cpp", '#include "a.hpp"\n', "repository root")

    def test_the_domain_includes_the_standard_library_and_little_else(self):
        self.refuses("src/base/a.cpp", "#include <pqxx/pqxx>\n", "standard library")
        self.refuses("src/base/a.cpp", "#include <thread>\n", "standard library")
        self.refuses("src/base/a.cpp", "#include <unistd.h>\n", "standard library")
        self.accepts("src/base/a.cpp", "#include <tl/expected.hpp>\n#include <date/tz.h>\n#include <vector>\n")

    def test_the_domain_has_no_clock_chance_thread_or_environment(self):
        for word in ("std::chrono::system_clock::now()", "rand()", 'std::getenv("X")', "std::mutex m", "std::thread t"):
            self.refuses("src/base/a.cpp", f"auto x = {word};\n", "take it as an argument")
        self.accepts("src/base/a.cpp", '// rand() is not used\nauto brand(int x);\nauto t = "getenv";\n')
        self.accepts("adapters/http/a.cpp", "auto x = std::chrono::steady_clock::now();\n")

    def test_a_courier_is_a_pure_dialect_of_its_own(self):
        tail = '#include "adapters/courier/yto/yto.hpp"\n'
        self.refuses("adapters/courier/sf/sf.cpp", tail, "another one")
        self.refuses("adapters/courier/sf/sf.cpp", '#include "adapters/postgres/store.hpp"\n', "pure dialect")
        self.refuses("adapters/courier/sf/sf.cpp", "#include <boost/asio/awaitable.hpp>\n", "pure dialect")

    def test_an_awaited_result_is_looked_at(self):
        declared = "boost::asio::awaitable<Result<std::vector<int>>> Teller::pay(int fen);\nasio::awaitable<void> nap();\n"
        self.refuses("gateway/a.cpp", declared + "void f() {\n    co_await teller.pay(1);\n}\n", "is dropped")
        self.refuses("gateway/a.cpp", declared + "void f() {\n    if (x) co_await pay(1);\n}\n", "is dropped")
        self.accepts("gateway/a.cpp", declared + "void f() {\n    auto paid = co_await teller.pay(1);\n    co_await nap();\n}\n")

    def test_heavy_headers_stay_out_of_headers(self):
        self.refuses("adapters/json/a.hpp", "#include <simdjson.h>\n", "keep it in the .cpp")
        self.refuses("adapters/http/a.cpp", "#include <boost/asio.hpp>\n", "single headers")
        self.accepts("adapters/json/a.cpp", "#include <simdjson.h>\n")
        self.refuses("gateway/api/a.hpp", "#include <pqxx/result>\n", "keep it in the .cpp")
        self.accepts("adapters/postgres/a.hpp", "#include <pqxx/result>\n")

    def test_a_file_says_what_lives_in_it(self):
        self.refuses("src/base/a.cpp", "int x;\n", "says what lives here", head="")
        self.refuses("tests/support/a.sh", "set -e\n", "says what lives here", head="#!/usr/bin/env bash\n")
        self.accepts("tests/support/a.sh", "set -e\n", head="#!/usr/bin/env bash\n# Does the one thing it does.\n")

    def test_long_files_are_split(self):
        self.refuses("src/base/a.cpp", "int x;\n" * 601, "split by concept")

    def test_nothing_is_left_for_later_and_no_test_is_skipped(self):
        self.refuses("src/base/a.cpp", "// TO" "DO: later\n", "do it now")
        self.refuses("tests/src/a.cpp", "GTEST_" "SKIP();\n", "runs or is deleted")
        self.refuses("tests/src/a.cpp", "TEST(A, DIS" "ABLED_B) {}\n", "runs or is deleted")

    def test_no_braces_beside_co_await(self):
        for statement in (
            "auto r = co_await client.send(Request{.body = b});",
            "auto r = co_await client.send({origin, request});",
            "auto r = co_await run([x] { return x; });",
            "const Pair p{co_await first(), 2};",
            "co_return Answer{co_await first()};",
            "use(Request{1}, co_await first());",
            "if (auto r = co_await send(Request{1}); r) {\n}",
            "auto r = co_await (timer(Deadline{5}) || read());",
        ):
            self.refuses("gateway/api/a.cpp", "awaitable<void> f() {\n" + statement + "\n}\n", "name the value first")

    def test_no_co_await_in_a_loop_condition_or_a_conditional_operator(self):
        for statement in ("while (co_await pop()) {\n}", "const int x = is_a ? co_await a() : 1;"):
            self.refuses("gateway/api/a.cpp", "awaitable<void> f() {\n" + statement + "\n}\n", "a statement of its own")

    def test_blocks_around_co_await_are_fine(self):
        for statement in (
            "const Request request{.body = b};\nauto r = co_await client.send(request);",
            "if (co_await is_open()) {\nclose();\n}",
            "while (is_open) {\nis_open = co_await pop();\n}",
            "try {\nco_await f();\n} catch (...) {\n}",
            "for (auto& x : xs) {\nco_await f(x);\n}",
            "if (a) {\nco_return;\n} else {\nco_await f();\n}",
            'co_await log("{braces in text}");',
            "Answer answer{1};\nco_await f();",
        ):
            self.accepts("gateway/api/a.cpp", "awaitable<void> f() {\n" + statement + "\n}\n")
        self.accepts("gateway/api/a.cpp", "auto f(int x) -> awaitable<void> {\nco_await g(x);\n}\n")

    def test_every_alert_has_a_runbook(self):
        rules = "# The alerts that wake somebody.\n- alert: MoneyHalted\n"
        bad = {"monitoring/alerts.yml": rules, "docs/operations.md": "# Operations\n"}
        good = {"monitoring/alerts.yml": rules, "docs/operations.md": "## MoneyHalted\n"}
        self.assertIn("no runbook", [*check_structure.findings(bad)][0][2])
        self.assertEqual([*check_structure.findings(good)], [])

    def test_a_courier_has_a_row_recorded_exchanges_and_sources(self):
        registry = HEAD + '#include "adapters/courier/sf/sf.hpp"\n'
        good = {"adapters/courier/sf/sf.hpp": HEAD, "adapters/courier/sf/README.md": "SF",
                "adapters/courier/registry.cpp": registry, "tests/conformance/sf/book.http": "x"}
        self.assertEqual([*check_structure.findings(good)], [])
        for missing, words in (("adapters/courier/registry.cpp", "no row"), ("tests/conformance/sf/book.http", "no recorded"),
                               ("adapters/courier/sf/README.md", "no README.md")):
            files = {path: text for path, text in good.items() if path != missing}
            found = [message for _, _, message in check_structure.findings(files)]
            self.assertTrue(any(words in message for message in found), f"without {missing}: {found}")
        orphan = {"tests/conformance/sf/book.http": "x"}
        self.assertIn("do not speak", [*check_structure.findings(orphan)][0][2])


if __name__ == "__main__":
    unittest.main()
