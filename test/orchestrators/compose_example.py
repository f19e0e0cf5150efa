"""The command lines of examples/compose.yaml, run on this machine instead of in containers. Needs PyYAML."""
import json
import pathlib
import shlex
import shutil
import socket
import subprocess
import tempfile

import yaml

from sandbox import EXECUTABLE, Sandbox

EXAMPLES = EXECUTABLE.parent.parent / "examples"
PROGRAM = "/app/bin/destination-vitally"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


def main():
    services = yaml.safe_load((EXAMPLES / "compose.yaml").read_text())["services"]
    port = free_port()
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory) / "examples"
        shutil.copytree(EXAMPLES, folder)
        for config in folder.rglob("config.json"):
            config.write_text(config.read_text().replace("127.0.0.1:8080", f"127.0.0.1:{port}"))

        # Other machines must not reach what a test starts.
        flags = services["vitally"]["command"].replace("/examples", str(folder)).replace("0.0.0.0", "127.0.0.1")
        argv = [EXECUTABLE, *shlex.split(flags), "--port", port]
        vitally = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        try:
            sandbox = Sandbox(json.loads(vitally.stdout.readline())["url"])
            (line,) = services["sync"]["command"]
            line = line.replace("/examples", str(folder)).replace(PROGRAM, str(EXECUTABLE))
            ended = subprocess.run([*services["sync"]["entrypoint"], line], capture_output=True, text=True)
            assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
            assert '\\"status\\":\\"succeeded\\"' in ended.stdout, ended.stdout[-3000:]
            assert "todo-1" in json.dumps(sandbox.ask("/sandbox/snapshot")), "the sync left nothing"
        finally:
            vitally.terminate()
            vitally.wait(timeout=30)


if __name__ == "__main__":
    main()
