"""Airbyte's source for Vitally reads back from the sandbox what the connector wrote, and every value is compared.

Argument: the folder that holds the package `airbyte-source-vitally`, whose manifest is run. Needs the package
`airbyte-cdk`.
"""
import json
import pathlib
import subprocess
import sys
import sysconfig
import tempfile

import yaml

from sandbox import EXECUTABLE, running_sandbox

AUTHOR, ASSIGNEE = "mara@vendor.example", "tom@vendor.example"


def day(number):
    return number % 28 + 1


def rows():
    """What is written, by stream; some more of each than a page of Vitally's lists holds."""
    accounts, users = range(230), range(450)
    return {
        "organizations": [{"id": f"org-{n}", "name": f"Örg {n}", "region": ("EMEA", "AMER")[n % 2]} for n in range(12)],
        "accounts": [
            {
                "id": f"acc-{n}",
                "name": f"Account {n}",
                "organization_id": f"org-{n % 12}",
                "mrr": 100.5 * n,
                "plan": ("free", "team")[n % 2],
                "seats": n,
                "is_big": n % 2 == 0,
            }
            for n in accounts
        ],
        "users": [
            {
                "id": f"usr-{n}",
                "name": f"User {n} 张",
                "email": f"user{n}@example.com",
                "account_ids": [f"acc-{n % 230}"] + ([f"acc-{(n + 7) % 230}"] if n % 10 == 0 else []),
                "logins": 3 * n,
            }
            for n in users
        ],
        "notes": [
            {
                "id": f"note-{n}",
                "account_id": f"acc-{n}",
                "subject": f"Subject {n}",
                "note": f"<p>Body <b>{n}</b></p>",
                "note_date": f"2026-02-{day(n):02}T10:00:00Z",
                "author": AUTHOR,
                "tags": ["a", "b"],
            }
            for n in range(120)
        ],
        "tasks": [
            {
                "id": f"task-{n}",
                "account_id": f"acc-{n}",
                "name": f"Task {n}",
                "description": f"<p>do {n}</p>",
                "due_date": f"2027-03-{day(n):02}",
                "assignee": ASSIGNEE,
            }
            for n in range(120)
        ],
        "nps_responses": [
            {
                "id": f"nps-{n}",
                "user_id": f"usr-{n}",
                "score": n % 11,
                "feedback": f"fb {n}",
                "responded_at": f"2026-01-{day(n):02}T00:00:00Z",
            }
            for n in range(120)
        ],
        "conversations": [
            {
                "id": f"conv-{n}",
                "subject": f"Talk {n}",
                "messages": [
                    {"externalId": f"m-{n}", "message": f"<p>hi {n}</p>", "from": f"usr-{n}", "to": [AUTHOR]}
                ],
            }
            for n in range(110)
        ],
    }


def write(sandbox, folder, written):
    catalog = {
        "streams": [
            {
                "stream": {"name": name, "json_schema": {}},
                "sync_mode": "incremental",
                "destination_sync_mode": "append_dedup",
                "primary_key": [["id"]],
            }
            for name in written
        ]
    }
    (folder / "config.json").write_text(json.dumps(sandbox.config()))
    (folder / "catalog.json").write_text(json.dumps(catalog))
    records = [
        {"type": "RECORD", "record": {"stream": name, "emitted_at": 1_772_438_400_000, "data": row}}
        for name, of in written.items()
        for row in of
    ]
    argv = [EXECUTABLE, "write", "--config", "config.json", "--catalog", "catalog.json"]
    text = "".join(json.dumps(record) + "\n" for record in records)
    ended = subprocess.run(argv, cwd=folder, input=text, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout[-3000:]
    sandbox.ask("/sandbox/settle", "POST")


def read(sandbox, folder, package):
    """What the source emits, by stream: its manifest is its own but for the address."""
    manifest = yaml.safe_load((package / "source_vitally" / "manifest.yaml").read_text())
    manifest["definitions"]["base_requester"]["url_base"] = f"{sandbox.url}/resources/"
    config = {"__injected_declarative_manifest": manifest, "api_key": "rest-token", "status": "activeOrChurned"}
    (folder / "source.json").write_text(json.dumps(config))
    (catalog,) = (message["catalog"] for message in source(folder, "discover") if message["type"] == "CATALOG")
    streams = [
        {"stream": stream, "sync_mode": "full_refresh", "destination_sync_mode": "append"}
        for stream in catalog["streams"]
    ]
    (folder / "source-catalog.json").write_text(json.dumps({"streams": streams}))
    found = {}
    for message in source(folder, "read", "--catalog", "source-catalog.json"):
        if message["type"] == "RECORD":
            found.setdefault(message["record"]["stream"], []).append(message["record"]["data"])
    return found


def source(folder, command, *flags):
    program = pathlib.Path(sysconfig.get_path("scripts")) / "source-declarative-manifest"
    argv = [program, command, "--config", "source.json", *flags]
    ended = subprocess.run(argv, cwd=folder, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    return map(json.loads, ended.stdout.splitlines())


def expected(written, found):
    """By stream and your own id, what the source must have read of a row."""
    ids = {name: {record["externalId"]: record["id"] for record in found[name]} for name in ("accounts", "users")}
    admins = {record["email"]: record["id"] for record in found["admins"]}
    shapes = {
        "organizations": lambda row: {"name": row["name"], "traits.region": row["region"]},
        "accounts": lambda row: {
            "name": row["name"],
            "mrr": row["mrr"],
            **{f"traits.{trait}": row[trait] for trait in ("plan", "seats", "is_big")},
        },
        "users": lambda row: {
            "name": row["name"],
            "email": row["email"],
            "traits.logins": row["logins"],
            "accounts": sorted(ids["accounts"][key] for key in row["account_ids"]),
        },
        "notes": lambda row: {
            "subject": row["subject"],
            "note": row["note"],
            "noteDate": row["note_date"],
            "accountId": ids["accounts"][row["account_id"]],
            "authorId": admins[AUTHOR],
            "tags": row["tags"],
        },
        "tasks": lambda row: {
            "name": row["name"],
            "description": row["description"],
            "dueDate": row["due_date"],
            "accountId": ids["accounts"][row["account_id"]],
            "assignedToId": admins[ASSIGNEE],
        },
        "nps_responses": lambda row: {
            "score": row["score"],
            "feedback": row["feedback"],
            "userId": ids["users"][row["user_id"]],
            "respondedAt": row["responded_at"],
        },
        "conversations": lambda row: {"subject": row["subject"]},
    }
    return {name: {row["id"]: shapes[name](row) for row in of} for name, of in written.items()}


def value(record, path):
    if path == "accounts":
        return sorted(one["id"] for one in record["accounts"])
    for name in path.split("."):
        record = record[name]
    # A date may be shown with its time of day, and a time with its milliseconds.
    return record


def same(path, shown, wanted):
    if path in ("noteDate", "dueDate", "respondedAt"):
        return shown[:10] == wanted[:10]
    return shown == wanted


def main(package):
    written = rows()
    with running_sandbox() as sandbox, tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        sandbox.seed("admins", *({"name": email.split("@")[0], "email": email} for email in (AUTHOR, ASSIGNEE)))
        write(sandbox, folder, written)
        found = read(sandbox, folder, package)
    compared, differences = 0, []
    for name, wanted in expected(written, found).items():
        shown = {record["externalId"]: record for record in found[name]}
        assert shown.keys() == wanted.keys(), (name, len(shown), len(wanted))
        for key, values in wanted.items():
            for path, one in values.items():
                compared += 1
                if not same(path, value(shown[key], path), one):
                    differences.append((name, key, path, value(shown[key], path), one))
    assert not differences, differences[:5]
    print(f"source-vitally reads back: {compared} values compared in {len(written)} streams, 0 differ")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
