"""PyAirbyte checks and writes through bin/destination-vitally, from a source and from its cache, against the sandbox.

Ends with 0 when everything arrived, else with the assertion that failed. Needs the package `airbyte`.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
EXECUTABLE = HERE.parent.parent / "bin" / "destination-vitally"
WANTED = {"accounts": 40, "users": 120, "events": 200}

# PyAirbyte keeps its cache in the working directory, and tells its makers of runs unless it is asked not to.
WORKING_DIRECTORY = tempfile.mkdtemp(prefix="pyairbyte-smoke-")
os.environ["DO_NOT_TRACK"] = "1"
os.environ["AIRBYTE_OFFLINE_MODE"] = "1"
os.chdir(WORKING_DIRECTORY)

import airbyte  # noqa: E402  the settings above must be there first


def start_sandbox():
    sandbox = subprocess.Popen(
        [EXECUTABLE, "sandbox", "--port", "0", "--requests-per-minute", "100000"], stdout=subprocess.PIPE, text=True
    )
    return sandbox, json.loads(sandbox.stdout.readline())["url"]


def ask(url, path, method="GET"):
    with urllib.request.urlopen(urllib.request.Request(url + path, method=method), timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def held(url):
    ask(url, "/sandbox/settle", "POST")
    stats = ask(url, "/sandbox/stats")
    return {kind: stats[kind] for kind in WANTED}


def destination(url, **changes):
    config = {
        "data_center": {"region": "custom", "rest_url": url, "analytics_url": url},
        "rest_api_token": "rest-token",
        "analytics_api_token": "analytics-token",
        "requests_per_minute": 100000,
        **changes,
    }
    return airbyte.get_destination("destination-vitally", config=config, local_executable=EXECUTABLE)


def expect_refusal(url):
    try:
        destination(url, rest_api_token="a wrong one").check()
    except Exception as error:  # noqa: BLE001  whichever class PyAirbyte chooses
        assert "rest_api_token" in repr(error) or "refused the token" in repr(error), repr(error)
    else:
        raise AssertionError("a check with a wrong token passed")


def main():
    sandbox, url = start_sandbox()
    try:
        source = airbyte.get_source("source-tiny", config={}, local_executable=HERE / "tiny_source.py", streams="*")
        destination(url).check()
        expect_refusal(url)
        print("check: passes with the right token, fails with a wrong one")

        result = destination(url).write(source, cache=False, state_cache=False)
        assert held(url) == WANTED, held(url)
        assert result.processed_records == sum(WANTED.values()), result.processed_records
        print(f"write from the source: {held(url)}")

        destination(url).write(source.read())
        assert held(url) == WANTED, held(url)
        print(f"write from the cache, the same rows: {held(url)}, nothing doubled")
    finally:
        sandbox.terminate()
        sandbox.wait(timeout=30)
        os.chdir(HERE)
        shutil.rmtree(WORKING_DIRECTORY, ignore_errors=True)


if __name__ == "__main__":
    main()
