"""PyAirbyte checks and writes through the image `destination-vitally:test`, which `npm run test:container` builds.

Env CONTAINER_TOOL: the program that runs images. Needs the package `airbyte`.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from pyairbyte_smoke import ALL, source
from sandbox import Sandbox, running_sandbox

HERE = pathlib.Path(__file__).resolve().parent
IMAGE = "destination-vitally:test"


def check_and_write(url):
    """In a process of its own, since PyAirbyte keeps its files in its working directory and finds `docker` by PATH."""
    import airbyte

    streams = [{"stream": name, "object": name, "sync_key": ["id"]} for name in ALL]
    config = Sandbox(url).config(streams=streams)
    destination = airbyte.get_destination(
        "destination-vitally", config=config, docker_image=IMAGE, use_host_network=True
    )
    destination.check()
    destination.write(source(), cache=False, state_cache=False)


def main():
    with running_sandbox() as sandbox, tempfile.TemporaryDirectory() as directory:
        programs = pathlib.Path(directory) / "bin"
        programs.mkdir()
        shutil.copy(HERE / "cdk_suite" / "docker", programs)
        env = {
            **os.environ,
            "CONTAINER_TOOL": os.path.abspath(os.environ["CONTAINER_TOOL"]),
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "AIRBYTE_LOGGING_ROOT": str(pathlib.Path(directory) / "logs"),
            "AIRBYTE_OFFLINE_MODE": "1",
            "DO_NOT_TRACK": "1",
        }
        argv = [sys.executable, __file__, sandbox.url]
        ended = subprocess.run(
            argv, cwd=directory, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert ended.returncode == 0, ended.stdout[-5000:]
        held = sandbox.held(*ALL)
        assert held == ALL, held
        print(f"PyAirbyte's docker_image: {held}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        check_and_write(sys.argv[1])
    else:
        main()
