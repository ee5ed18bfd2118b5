#!/usr/bin/env python3
# Callers behind a load balancer: they come at a fixed rate, whatever the answers take, until SIGTERM. Then one
# JSON object tells what they saw. Nothing is repeated: a request without its proper answer has failed.
import argparse
import http.client
import itertools
import json
import signal
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path


class Caller(threading.Thread):
    """One connection, kept alive, and one shopper after the other."""

    def __init__(self, plan):
        super().__init__()
        self.plan = plan
        self.connection = http.client.HTTPConnection("127.0.0.1", plan.port, timeout=20)
        self.sent = 0
        self.seen = []  # of answers: (due, latency in seconds)
        self.failures = []

    def run(self):
        while not self.plan.stopping.is_set():
            self.shop(next(self.plan.shoppers))
        self.connection.close()

    def ask(self, caller, method, target, body=None, key=None, good=(200, 201)):
        """Waits for its turn, asks, and returns the parsed answer; {} when it failed, or nobody asks any more."""
        due = self.plan.began + next(self.plan.turns) / self.plan.rate
        if self.plan.stopping.wait(max(0.0, due - time.time())):
            return {}
        headers = {"Authorization": "Bearer " + self.plan.keys[caller]}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key:
            headers["Idempotency-Key"] = key
        self.sent += 1
        try:
            self.connection.request(method, target, json.dumps(body) if body is not None else None, headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            return self.fail(method, target, repr(error))
        self.seen.append((due, time.time() - due))
        if answer.status not in good:
            return self.fail(method, target, f"{answer.status} {text.decode(errors='replace')}")
        return json.loads(text)

    def fail(self, method, target, what):
        self.failures.append(f"{datetime.now().time()} {method} {target}: {what}")
        return {}

    def shop(self, number):
        name, now = f"{self.plan.run}-{number}", self.plan.now()
        self.ask("platform", "PUT", f"/v1/buyers/buyer-{name}/trust", {"stars": 5})
        self.ask("platform", "PUT", f"/v1/orders/order-{name}", {
            "buyer_id": f"buyer-{name}", "seller_id": "seller-demo", "paid_fen": 9900, "currency": "CNY",
            "items": [{"item_id": "item-1", "title": "连衣裙", "quantity": 1, "amount_fen": 9900}],
            "trade_kind": "ordinary", "category": "womens_wear", "state": "received",
            "received_at": (now - timedelta(days=2)).isoformat(timespec="seconds"),
            "outbound": {"courier": "ZTO", "waybill": "75312480963571"},
            "payee_reference": f"payee-{name}", "payment_reference": f"payment-{name}", "provider": "sandbox"})
        pickup = {"now": True, "contact": {
            "name": "张三", "phone": "13800000000", "province": "杭州市", "city": "杭州市", "address": f"文三路{number}号"}}
        application = {
            "buyer_id": f"buyer-{name}", "order_id": f"order-{name}", "after_sale_id": f"after-sale-{name}",
            "items": [{"item_id": "item-1", "quantity": 1}], "reason": "seven_day_no_reason", "pictures": ["picture-1"]}
        if number % 3:
            application["pickup"] = pickup
        made = self.ask("buyer_app", "POST", "/v1/returns", application)
        if "return_id" not in made:
            return
        target = f"/v1/returns/{made['return_id']}"
        if number % 3 == 0:
            self.ask("buyer_app", "POST", f"{target}/pickup", pickup, key=f"pickup-{name}")
        self.ask("buyer_app", "GET", target)
        if number % 8 == 0:
            self.ask("buyer_app", "DELETE", f"{target}/pickup", good=(200, 404, 409))  # the courier may be faster
        self.ask("buyer_app", "GET", f"{target}/timeline")


class Plan:
    def __init__(self, args):
        self.port, self.rate = args.port, args.rate
        self.keys = json.loads(args.keys.read_text())
        self.offset = timedelta(seconds=args.clock_offset)
        self.run = f"{time.time_ns():x}"
        self.shoppers, self.turns = itertools.count(1), itertools.count()  # next() of these is atomic
        self.stopping = threading.Event()
        self.began = time.time()

    def now(self):
        return datetime.now(timezone.utc) + self.offset


def p99_ms(seen):
    if not seen:
        return None
    latencies = sorted(latency for _, latency in seen)
    return round(1000 * latencies[int(len(latencies) * 0.99)], 1)


def put_seller(plan):
    connection = http.client.HTTPConnection("127.0.0.1", plan.port, timeout=20)
    address = {"name": "退货仓", "phone": "13800000000", "province": "上海市", "city": "上海市", "address": "世纪大道2号"}
    connection.request("PUT", "/v1/sellers/seller-demo",
                       json.dumps({"name": "示例女装店", "pilot": True, "return_address": address}),
                       {"Authorization": "Bearer " + plan.keys["platform"], "Content-Type": "application/json"})
    answer = connection.getresponse()
    if answer.status not in (200, 201):
        sys.exit(f"PUT seller: {answer.status} {answer.read().decode(errors='replace')}")


def main():
    parser = argparse.ArgumentParser(description="callers at a fixed rate, until SIGTERM")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--keys", type=Path, required=True)
    parser.add_argument("--rate", type=float, default=100, help="requests a second")
    parser.add_argument("--callers", type=int, default=32, help="connections")
    parser.add_argument("--clock-offset", type=int, default=0)
    parser.add_argument("--restarts", type=Path, required=True, help="a line 'BEGIN END' (unix time) for each")
    args = parser.parse_args()

    plan = Plan(args)
    put_seller(plan)
    signal.signal(signal.SIGTERM, lambda *_: plan.stopping.set())
    plan.began = time.time()
    callers = [Caller(plan) for _ in range(args.callers)]
    for caller in callers:
        caller.start()
    for caller in callers:
        while caller.is_alive():  # join() without a time would keep the signal waiting
            caller.join(0.2)

    seen = [one for caller in callers for one in caller.seen]
    failures = [one for caller in callers for one in caller.failures]
    restarts = [tuple(map(float, line.split())) for line in args.restarts.read_text().splitlines()]
    during = [one for one in seen if any(begin <= one[0] <= end for begin, end in restarts)]
    print(json.dumps({
        "sent": sum(caller.sent for caller in callers), "failed": len(failures), "restarts": len(restarts),
        "sent_during_restarts": len(during), "p99_ms": p99_ms(seen), "p99_during_restarts_ms": p99_ms(during),
        "longest_ms": round(1000 * max((latency for _, latency in seen), default=0), 1)}))
    for failure in sorted(failures)[:10]:
        print(failure, file=sys.stderr)
    return 1 if failures or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
