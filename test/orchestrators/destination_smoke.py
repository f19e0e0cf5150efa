"""`pyab destination-smoke-test` with all of its scenarios, against the sandbox. Needs the package `airbyte`.

The test makes up tables without regard to what a destination is for: three mappings make accounts and events of them.
"""
import json
import os
import pathlib
import subprocess
import sysconfig
import tempfile

from sandbox import EXECUTABLE, running_sandbox

STREAMS = [
    {
        "stream": "*",
        "object": "account",
        "constants": [{"destination": "name", "value": "smoke"}],
        "fields": [{"source": "name", "destination": "traits.name_column"}],
    },
    {
        "stream": "schema_with_no_primary_key",
        "object": "event",
        "sync_key": ["event_id"],
        "fields": [{"source": "event_type", "destination": "event"}],
        "constants": [{"destination": "accountId", "value": "1"}],
    },
]


def main():
    scripts = pathlib.Path(sysconfig.get_path("scripts"))
    with running_sandbox() as sandbox, tempfile.TemporaryDirectory() as directory:
        config = pathlib.Path(directory) / "config.json"
        config.write_text(json.dumps(sandbox.config(streams=STREAMS)))
        argv = [scripts / "pyab", "destination-smoke-test", f"--destination={EXECUTABLE}", f"--config={config}", "--scenarios=all"]
        settings = {"DO_NOT_TRACK": "1", "AIRBYTE_OFFLINE_MODE": "1", "PYTHONWARNINGS": "ignore"}
        # It looks for a source of its own among the programs.
        settings["PATH"] = f"{scripts}{os.pathsep}{os.environ['PATH']}"
        ended = subprocess.run(argv, cwd=directory, env={**os.environ, **settings}, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stdout[-4000:] + ended.stderr[-4000:]
        held = sandbox.held("accounts", "events")
        assert held["accounts"] > 0 and held["events"] > 0, held
        print(f"pyab destination-smoke-test: all scenarios, {held}")


if __name__ == "__main__":
    main()
