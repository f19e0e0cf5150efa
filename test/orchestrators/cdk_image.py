"""Airbyte's Docker connector suite on the image `destination-vitally:test`, which `npm run test:container` builds.

Env CONTAINER_TOOL: the program that runs images. Needs the package `airbyte-cdk[dev]`.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from sandbox import running_sandbox

HERE = pathlib.Path(__file__).resolve().parent
IMAGE = "destination-vitally:test"


def configs(sandbox):
    nowhere = {"region": "custom", "rest_url": "http://127.0.0.1:9", "analytics_url": "http://127.0.0.1:9"}
    both = sandbox.config()
    without = lambda name: {key: value for key, value in both.items() if key != name}  # noqa: E731
    return {
        "both": both,
        "rest_only": without("analytics_api_token"),
        "analytics_only": without("rest_api_token"),
        "wrong_rest_token": {**both, "rest_api_token": "a-wrong-one"},
        "wrong_analytics_token": {**both, "analytics_api_token": "a-wrong-one"},
        "unreachable": {**both, "data_center": nowhere},
        "no_token": {"data_center": both["data_center"]},
        "unknown_region": {**both, "data_center": {"region": "moon"}},
    }


def main():
    with running_sandbox() as sandbox, tempfile.TemporaryDirectory() as directory:
        # The suite takes the connector's name from its folder, and its kind from the metadata there.
        folder = pathlib.Path(directory) / "destination-vitally"
        shutil.copytree(HERE / "cdk_suite", folder)
        shutil.copy(HERE.parent.parent / "metadata.yaml", folder)
        (folder / "configs").mkdir()
        wanted = configs(sandbox)
        for name, config in wanted.items():
            (folder / "configs" / f"{name}.json").write_text(json.dumps(config))
        argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        argv += ["-p", "airbyte_cdk.test.standard_tests.pytest_hooks", "-m", "image_tests"]
        argv += ["--connector-image", IMAGE, "standards.py"]
        tool = os.path.abspath(os.environ["CONTAINER_TOOL"])
        env = {**os.environ, "CONTAINER_TOOL": tool, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "DO_NOT_TRACK": "1"}
        ended = subprocess.run(argv, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert ended.returncode == 0, ended.stdout[-5000:]
        passed = int(re.search(r"(\d+) passed", ended.stdout)[1])
        assert passed > len(wanted), ended.stdout[-2000:]
        print(f"airbyte-cdk's Docker suite: {passed} passed")


if __name__ == "__main__":
    main()
