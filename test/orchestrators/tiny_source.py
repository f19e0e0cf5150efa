#!/usr/bin/env python3
"""An Airbyte source with a few accounts, users and events, for trying orchestrators on this machine alone."""
import json
import sys

EMITTED_AT_MS = 1_772_438_400_000

STREAMS = {
    "accounts": [
        {"id": f"acc-{n}", "name": f"Account {n}", "mrr": 100 * n, "plan": "team"} for n in range(1, 41)
    ],
    "users": [
        {"id": f"usr-{n}", "name": f"User {n}", "email": f"user.{n}@example.com", "account_id": f"acc-{n % 40 + 1}"}
        for n in range(1, 121)
    ],
    "events": [
        {
            "id": f"evt-{n}",
            "event": "report_viewed",
            "account_id": f"acc-{n % 40 + 1}",
            "timestamp": "2026-03-01T12:00:00Z",
        }
        for n in range(1, 201)
    ],
}


def say(kind, field, body):
    print(json.dumps({"type": kind, field: body}), flush=True)


def spec():
    say("SPEC", "spec", {"connectionSpecification": {"type": "object", "properties": {}, "additionalProperties": True}})


def check():
    say("CONNECTION_STATUS", "connectionStatus", {"status": "SUCCEEDED"})


def discover():
    streams = [
        {
            "name": name,
            "json_schema": {
                "type": "object",
                "properties": {
                    column: {"type": ["null", "number" if isinstance(value, int) else "string"]}
                    for column, value in rows[0].items()
                },
            },
            "supported_sync_modes": ["full_refresh", "incremental"],
            "source_defined_cursor": True,
            "default_cursor_field": ["id"],
            "source_defined_primary_key": [["id"]],
        }
        for name, rows in STREAMS.items()
    ]
    say("CATALOG", "catalog", {"streams": streams})


def status(name, word):
    say(
        "TRACE",
        "trace",
        {
            "type": "STREAM_STATUS",
            "emitted_at": EMITTED_AT_MS,
            "stream_status": {"stream_descriptor": {"name": name}, "status": word},
        },
    )


def read(catalog_path):
    with open(catalog_path, encoding="utf-8") as catalog:
        chosen = [stream["stream"]["name"] for stream in json.load(catalog)["streams"]]
    for name in (name for name in STREAMS if name in chosen):
        status(name, "STARTED")
        for row in STREAMS[name]:
            say("RECORD", "record", {"stream": name, "emitted_at": EMITTED_AT_MS, "data": row})
        say(
            "STATE",
            "state",
            {
                "type": "STREAM",
                "stream": {"stream_descriptor": {"name": name}, "stream_state": {"last": STREAMS[name][-1]["id"]}},
            },
        )
        status(name, "COMPLETE")


def main(argv):
    command = argv[0] if argv else ""
    if command == "spec":
        spec()
    elif command == "check":
        check()
    elif command == "discover":
        discover()
    elif command == "read":
        read(argv[argv.index("--catalog") + 1])
    else:
        sys.exit("usage: tiny_source.py spec | check | discover | read --config FILE --catalog FILE")


if __name__ == "__main__":
    main(sys.argv[1:])
