"""Airbyte's source-faker through PyAirbyte: what its incremental state is worth, and its cache in two processes.

Env FAKER: the program of the package `airbyte-source-faker`, which has a Python of its own. Needs the package `airbyte`.
"""
import os
import subprocess
import sys
import tempfile

from sandbox import EXECUTABLE, Sandbox, running_sandbox

COUNT = 2000
HELD = {"accounts": 100, "users": COUNT, "events": COUNT}
STREAMS = [
    {
        "stream": "products",
        "object": "account",
        "sync_key": ["id"],
        "fields": [{"source": "model", "destination": "name"}],
    },
    {
        "stream": "users",
        "object": "user",
        "sync_key": ["id"],
        "constants": [{"destination": "accountIds", "value": "1"}],
    },
    {
        "stream": "purchases",
        "object": "event",
        "sync_key": ["id"],
        "constants": [{"destination": "event", "value": "Purchased"}],
        "fields": [
            {"source": "user_id", "destination": "userId"},
            {"source": "purchased_at", "destination": "timestamp"},
        ],
    },
]


def one_run(url, way):
    import airbyte

    settings = {"count": COUNT, "seed": 1, "parallelism": 1, "always_updated": False}
    source = airbyte.get_source("source-faker", config=settings, local_executable=os.environ["FAKER"], streams="*")
    config = Sandbox(url).config(streams=STREAMS)
    vitally = airbyte.get_destination("destination-vitally", config=config, local_executable=EXECUTABLE)
    if way == "straight":
        result = vitally.write(source, cache=False, state_cache=airbyte.new_local_cache("states"))
    else:
        result = vitally.write(source.read(cache=airbyte.new_local_cache("rows")), state_cache=False)
    print("processed", result.processed_records)


def main():
    total = sum(HELD.values())
    settings = {"DO_NOT_TRACK": "1", "AIRBYTE_OFFLINE_MODE": "1", "PYTHONWARNINGS": "ignore"}
    with running_sandbox() as sandbox, tempfile.TemporaryDirectory() as directory:
        for way, wanted in (("straight", total), ("straight", 0), ("cache", total), ("cache", total)):
            ended = subprocess.run(
                [sys.executable, __file__, sandbox.url, way],
                cwd=directory,
                env={**os.environ, **settings, "AIRBYTE_LOGGING_ROOT": os.path.join(directory, "logs")},
                capture_output=True,
                text=True,
            )
            assert f"processed {wanted}\n" in ended.stdout, (way, ended.stdout[-3000:], ended.stderr[-3000:])
            assert sandbox.held(*HELD) == HELD, (way, sandbox.held(*HELD))
    print(f"source-faker through PyAirbyte: {total} rows, then 0, then from the cache in two processes")


if __name__ == "__main__":
    one_run(*sys.argv[1:]) if len(sys.argv) > 1 else main()
