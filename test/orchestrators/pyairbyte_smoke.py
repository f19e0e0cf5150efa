"""PyAirbyte checks and writes through bin/destination-vitally, from a source and from its cache, against the sandbox.

Prints a line for each thing that works, and ends with 0; else with the assertion that failed. Needs the package
`airbyte`. Every scenario has a sandbox of its own, and each of its runs a process of its own, as from day to day.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from sandbox import EXECUTABLE, Sandbox, running_sandbox

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ALL = {"accounts": 40, "users": 120, "events": 200}
ORPHANS = 3
REFUSED = "refused the token (401). Check that it is the one shown under Settings > Integrations"


# What runs in a process of its own. PyAirbyte keeps caches and logs in its working directory.


def destination(sandbox, **changes):
    import airbyte

    return airbyte.get_destination(
        "destination-vitally", config=sandbox.config(**changes), local_executable=EXECUTABLE
    )


def source(**config):
    import airbyte

    tiny = HERE / "tiny_source.py"
    return airbyte.get_source("source-tiny", config=config, local_executable=tiny, streams="*")


def readme_example(sandbox, more):
    """The example as it stands in the README, but for the source and the address."""
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    example, sources = re.subn(r"airbyte\.get_source\(.*\)\n", "tiny\n", example)
    example, configs = re.subn(r"config=\{.*\},\n", "config=ours,\n", example)
    example, programs = re.subn(r'"bin/destination-vitally"', "program", example)
    assert (sources, configs, programs) == (1, 1, 1), example
    exec(example, {"tiny": source(more=int(more)), "ours": sandbox.config(), "program": EXECUTABLE})


def from_cache(sandbox, more):
    import airbyte

    rows = source(more=int(more)).read(cache=airbyte.new_local_cache("rows"))
    destination(sandbox).write(rows, state_cache=False)


def lower_cased(sandbox):
    import airbyte

    rows = source(camel_case=True).read(cache=airbyte.new_local_cache("rows"))
    streams = [{"stream": name, "object": name, "sync_key": ["Id"]} for name in ALL]
    streams[0]["fields"] = [{"source": "Name", "destination": "name"}]
    destination(sandbox, streams=streams).write(rows, state_cache=False)


def children_first(sandbox):
    straight(sandbox, {"order": ["events", "users", "accounts"]})


def namespaces(sandbox):
    streams = [{"stream": name, "namespace": "mart", "object": name} for name in ALL]
    straight(sandbox, {"namespace": "mart"}, streams=streams)


def straight(sandbox, tiny, **changes):
    """From the source, without a cache; without a state, so that every run sends everything."""
    destination(sandbox, **changes).write(source(**tiny), cache=False, state_cache=False)


def check(sandbox):
    destination(sandbox).check()


def check_refused(sandbox):
    destination(sandbox, rest_api_token="wrong").check()


def write_refused(sandbox):
    straight(sandbox, {}, rest_api_token="wrong")


def rejected(sandbox, policy):
    storage = {"storage_type": "Local", "directory": os.path.abspath("rejected")}
    changes = {"rejected_records": {"policy": policy}, "object_storage_config": storage}
    straight(sandbox, {"orphans": ORPHANS}, **changes)


# What the runs must have left.


class Runs:
    """Processes that run functions of this file one after the other in one directory."""

    def __init__(self, sandbox, directory):
        self.sandbox = sandbox
        self.directory = pathlib.Path(directory)

    def run(self, name, *words, fails=False):
        """What was on the console."""
        settings = {"DO_NOT_TRACK": "1", "AIRBYTE_OFFLINE_MODE": "1", "COLUMNS": "1000"}
        settings["AIRBYTE_LOGGING_ROOT"] = str(self.directory / "logs")
        ended = subprocess.run(
            [sys.executable, "-W", "ignore", __file__, self.sandbox.url, name, *words],
            cwd=self.directory,
            env={**os.environ, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
        )
        assert (ended.returncode != 0) == fails, f"{name} {words} ended with {ended.returncode}:\n{ended.stdout}"
        return ended.stdout

    def logs(self):
        """What PyAirbyte keeps of the connector's log."""
        files = (self.directory / "logs" / "destination-vitally").glob("*.log")
        return "\n".join(file.read_text() for file in files)

    def received(self):
        """Rows that all runs so far have got, by their summaries."""
        return sum(map(int, re.findall(r'"received":(\d+)', self.logs())))

    def holds(self, more=0, **others):
        wanted = {kind: count + more for kind, count in ALL.items()} | others
        held = self.sandbox.held(*wanted)
        assert held == wanted, (held, wanted)


def test_readme_example(runs):
    """A run, one without news, and one that finds seven rows more in each stream."""
    for more, received in ((0, sum(ALL.values())), (0, 0), (7, 7 * len(ALL))):
        before = runs.received()
        runs.run("readme_example", str(more))
        runs.holds(more)
        assert runs.received() - before == received, (more, before, runs.received())


def test_from_cache_in_two_processes(runs):
    for more in (0, 2):
        runs.run("from_cache", str(more))
        runs.holds(more)


def test_lower_cased_columns(runs):
    runs.run("lower_cased")
    runs.holds()
    assert runs.sandbox.ask("/sandbox/snapshot")["accounts"]["acc-1"]["name"] == "Account 1"


def test_tables_in_any_order(runs):
    runs.run("children_first")
    runs.holds()


def test_namespaces(runs):
    runs.run("namespaces")
    runs.holds()


def test_refused_token(runs):
    runs.run("check")
    for name in ("check_refused", "write_refused"):
        console = re.sub(r"\s+", " ", runs.run(name, fails=True))
        assert REFUSED in console, f"{name}: {console}"
    assert REFUSED in runs.logs(), runs.logs()


def test_rejected_rows(runs):
    """Only with the policy continue does the run succeed; its rejected rows are kept under each."""
    for policy, fails in (("fail_fast", True), ("fail_at_end", True), ("continue", False)):
        console = runs.run("rejected", policy, fails=fails)
        if fails:
            assert "unknown_association" in console + runs.logs(), console
    runs.holds(users=ALL["users"] - ORPHANS)
    kept = [len(file.read_text().splitlines()) for file in (runs.directory / "rejected").rglob("users.jsonl")]
    assert len(kept) == 3 and min(kept) >= 1 and sorted(kept)[1:] == [ORPHANS, ORPHANS], kept


def main():
    tests = [test for name, test in globals().items() if name.startswith("test_")]
    for test in tests:
        directory = tempfile.mkdtemp(prefix="pyairbyte-smoke-")
        with running_sandbox() as sandbox:
            test(Runs(sandbox, directory))
        shutil.rmtree(directory)
        print(f"PyAirbyte: {test.__name__.removeprefix('test_').replace('_', ' ')}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        globals()[sys.argv[2]](Sandbox(sys.argv[1]), *sys.argv[3:])
    else:
        main()
