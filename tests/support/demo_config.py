#!/usr/bin/env python3
# Writes a configuration into FOLDER whose outside world is the sandbox: what ./dev run starts with.
import argparse
import datetime
import json
import os
import re
import secrets
import sys
import tomllib
import zoneinfo
from pathlib import Path


def set_key(text, table, key, value):
    """Replaces one `key = …` of `[table]`, comments and all else untouched; adds it where it is missing."""
    lines = text.splitlines()
    inside = last = None
    for number, line in enumerate(lines):
        header = re.match(r"\s*\[([^\]]+)\]", line)
        if header:
            inside = header.group(1).strip()
        if inside == table:
            last = number
            if re.match(rf"\s*{re.escape(key)}\s*=", line):
                lines[number] = f"{key} = {json.dumps(value)}"
                return "\n".join(lines) + "\n"
    if last is None:
        return text + f"\n[{table}]\n{key} = {json.dumps(value)}\n"
    return "\n".join(lines[: last + 1] + [f"{key} = {json.dumps(value)}"] + lines[last + 1 :]) + "\n"


def secret(folder, name, size=16):
    """The demo's own secret of that name, drawn once: the database outlives a run."""
    file = folder / name
    if not file.exists():
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_hex(size) + "\n")
    return file.read_text().strip()


def clock_offset(now):
    """Seconds to ten in the morning where no courier could come any more (or yet): pickups have opening hours."""
    local = now.astimezone(zoneinfo.ZoneInfo("Asia/Shanghai"))
    opens, last = local.replace(hour=9, minute=0, second=0), local.replace(hour=16, minute=30, second=0)
    if opens <= local <= last:
        return 0
    morning = local.replace(hour=10, minute=0, second=0, microsecond=0)
    if morning < local:
        morning += datetime.timedelta(days=1)
    return int((morning - local).total_seconds())


def main():
    parser = argparse.ArgumentParser(description="a configuration whose outside world is the sandbox")
    parser.add_argument("source", type=Path, help="returngate.toml to start from")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dsn", help="default: the source's own")
    parser.add_argument("--port", type=int, required=True, help="of the gateway")
    parser.add_argument("--sandbox", type=int, required=True, help="port of the sandbox")
    parser.add_argument("--also", type=Path, action="append", default=[],
                        help="one more courier's table, as config/couriers.kuaidi100.toml")
    args = parser.parse_args()

    source = args.source.read_text()
    try:
        files = tomllib.loads(source).get("files", {})
    except tomllib.TOMLDecodeError as error:
        sys.exit(f"{args.source}: {error}")
    beside = lambda key: (args.source.parent / files.get(key, f"{key}.toml")).resolve()
    world = f"http://127.0.0.1:{args.sandbox}"
    folder = args.folder.resolve()
    keep = folder / "secrets"
    keep.mkdir(mode=0o700, parents=True, exist_ok=True)

    couriers = "\n".join([beside("couriers").read_text(), *(file.read_text() for file in args.also)])
    accounts = {"provider": {"api_key": secret(keep, "payout_api_key")}}
    secret(keep, "webhook_key", 32)
    for code, table in tomllib.loads(couriers)["couriers"].items():
        secret(keep, table["callback_token_file"])
        couriers = set_key(couriers, f"couriers.{code}", "base_url", world)
        if "callback_base" in table.get("settings", {}):
            couriers = set_key(couriers, f"couriers.{code}.settings", "callback_base", f"http://127.0.0.1:{args.port}")
        account = accounts[code] = {}
        for key, value in table.get("settings", {}).items():
            account[key.removesuffix("_file")] = secret(keep, value) if key.endswith("_file") else value
    # The sandbox's own words for the same things.
    if "SF" in accounts:
        accounts["SF"]["checkword"] = accounts["SF"]["secret"]
    if "YTO" in accounts:
        *_, accounts["YTO"]["token"], accounts["YTO"]["customer_code"] = accounts["YTO"]["book_path"].split("/")

    text = source
    if args.dsn:
        text = set_key(text, "database", "dsn", args.dsn)
    for table, key, value in (
        ("http", "address", "127.0.0.1"),
        ("http", "port", args.port),
        ("http", "public_url", f"http://127.0.0.1:{args.port}"),
        ("payout", "provider", "sandbox"),
        ("payout", "base_url", world),
        ("payout", "api_key_file", "payout_api_key"),
        ("webhooks", "secret_key_file", "webhook_key"),
        ("webhooks", "allow_http", True),  # a receiver on this machine
        ("webhooks", "allowed_networks", "127.0.0.1"),
        ("secrets", "directory", str(keep)),
        ("files", "policy", str(beside("policy"))),
        ("files", "couriers", "couriers.toml"),
    ):
        text = set_key(text, table, key, value)
    offset = clock_offset(datetime.datetime.now(datetime.timezone.utc))
    if offset:
        text = set_key(text, "development", "clock_offset_seconds", offset)

    (folder / "returngate.toml").write_text(text)
    (folder / "couriers.toml").write_text(couriers)
    accounts_file = folder / "accounts.json"
    accounts_file.touch(mode=0o600)
    accounts_file.write_text(json.dumps(accounts, ensure_ascii=False, indent=2) + "\n")
    # For the sandbox's command line: its clock, and where its couriers call us back.
    print(offset)
    for code, table in sorted(tomllib.loads(couriers)["couriers"].items()):
        print(f"{code}=http://127.0.0.1:{args.port}/v1/couriers/{code}/callbacks/{secret(keep, table['callback_token_file'])}")


if __name__ == "__main__":
    main()
