#!/usr/bin/env python3
"""An Airbyte source with a few accounts, users and events, for trying orchestrators on this machine alone.

Its config may hold, all optional: `more`, rows that came since; `order`, names of streams; `namespace`, that of all
streams; `orphans`, users of an account that is not there; `camel_case`, columns such as `AccountId`.
"""
import json
import sys

EMITTED_AT_MS = 1_772_438_400_000


def streams(config):
    """The rows of each stream, each with a number that grows, in the order in which they are read."""
    more = config.get("more", 0)
    rows = {
        "accounts": [
            {"n": n, "id": f"acc-{n}", "name": f"Account {n}", "mrr": 100 * n, "plan": "team"}
            for n in range(1, 41 + more)
        ],
        "users": [
            {
                "n": n,
                "id": f"usr-{n}",
                "name": f"User {n}",
                "email": f"user.{n}@example.com",
                "account_id": f"acc-{n % 40 + 1}",
            }
            for n in range(1, 121 + more)
        ],
        "events": [
            {
                "n": n,
                "id": f"evt-{n}",
                "event": "report_viewed",
                "account_id": f"acc-{n % 40 + 1}",
                "timestamp": "2026-03-01T12:00:00Z",
            }
            for n in range(1, 201 + more)
        ],
    }
    for row in rows["users"][: config.get("orphans", 0)]:
        row["account_id"] = "nobody"
    if config.get("camel_case"):
        rows = {name: [{camel(column): value for column, value in row.items()} for row in of] for name, of in rows.items()}
    return {name: rows[name] for name in config.get("order", rows)}


def camel(column):
    return column if column == "n" else "".join(word.capitalize() for word in column.split("_"))


def say(kind, field, body):
    print(json.dumps({"type": kind, field: body}), flush=True)


def spec():
    say("SPEC", "spec", {"connectionSpecification": {"type": "object", "properties": {}, "additionalProperties": True}})


def check():
    say("CONNECTION_STATUS", "connectionStatus", {"status": "SUCCEEDED"})


def discover(config):
    say("CATALOG", "catalog", {"streams": [described(name, rows[0], config) for name, rows in streams(config).items()]})


def described(name, row, config):
    key = next(column for column in row if column.lower() == "id")
    return {
        **descriptor(name, config),
        "json_schema": {
            "type": "object",
            "properties": {
                column: {"type": ["null", "number" if isinstance(value, int) else "string"]}
                for column, value in row.items()
            },
        },
        "supported_sync_modes": ["full_refresh", "incremental"],
        "source_defined_cursor": True,
        "default_cursor_field": ["n"],
        "source_defined_primary_key": [[key]],
    }


def descriptor(name, config):
    namespace = config.get("namespace")
    return {"name": name} if namespace is None else {"name": name, "namespace": namespace}


def status(name, config, word):
    stream_status = {"stream_descriptor": descriptor(name, config), "status": word}
    say("TRACE", "trace", {"type": "STREAM_STATUS", "emitted_at": EMITTED_AT_MS, "stream_status": stream_status})


def read(config, catalog, states):
    chosen = [stream["stream"]["name"] for stream in catalog["streams"]]
    last = {
        state["stream"]["stream_descriptor"]["name"]: (state["stream"].get("stream_state") or {}).get("n", 0)
        for state in states
        if state.get("stream")
    }
    for name, rows in streams(config).items():
        if name not in chosen:
            continue
        status(name, config, "STARTED")
        for row in rows:
            if row["n"] > last.get(name, 0):
                say("RECORD", "record", {**record_of(name, config), "emitted_at": EMITTED_AT_MS, "data": row})
        stream = {"stream_descriptor": descriptor(name, config), "stream_state": {"n": rows[-1]["n"]}}
        say("STATE", "state", {"type": "STREAM", "stream": stream})
        status(name, config, "COMPLETE")


def record_of(name, config):
    return {("stream" if field == "name" else field): value for field, value in descriptor(name, config).items()}


def content(argv, flag, otherwise):
    """What the file that a flag names holds; `otherwise` without the flag, or where the file is empty."""
    if flag not in argv:
        return otherwise
    with open(argv[argv.index(flag) + 1], encoding="utf-8") as file:
        return json.loads(file.read() or "null") or otherwise


def main(argv):
    command = argv[0] if argv else ""
    config = content(argv, "--config", {})
    if command == "spec":
        spec()
    elif command == "check":
        check()
    elif command == "discover":
        discover(config)
    elif command == "read":
        read(config, content(argv, "--catalog", {}), content(argv, "--state", []))
    else:
        sys.exit("usage: tiny_source.py spec | check | discover | read --config FILE --catalog FILE [--state FILE]")


if __name__ == "__main__":
    main(sys.argv[1:])
