"""The sandbox for programs in Python: starts it, fills it, and tells what it holds. Nothing leaves this machine."""
import contextlib
import json
import pathlib
import subprocess
import urllib.request

EXECUTABLE = pathlib.Path(__file__).resolve().parent.parent.parent / "bin" / "destination-vitally"


class Sandbox:
    def __init__(self, url):
        self.url = url

    def ask(self, path, method="GET", body=None):
        """The answer's JSON, `None` where it is empty."""
        data = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"content-type": "application/json"}
        request = urllib.request.Request(self.url + path, method=method, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def seed(self, kind, *objects):
        self.ask("/sandbox/seed", "POST", {"kind": kind, "objects": list(objects)})

    def held(self, *kinds):
        """How many records of each kind it holds, once every message is applied."""
        self.ask("/sandbox/settle", "POST")
        stats = self.ask("/sandbox/stats")
        return {kind: stats[kind] for kind in kinds}

    def config(self, **changes):
        """A config of the connector that leads here, with both tokens."""
        return {
            "data_center": {"region": "custom", "rest_url": self.url, "analytics_url": self.url},
            "rest_api_token": "rest-token",
            "analytics_api_token": "analytics-token",
            "requests_per_minute": 100000,
            **changes,
        }


@contextlib.contextmanager
def running_sandbox(*flags):
    """A sandbox without a limit that a test would wait for, until the block ends."""
    argv = [EXECUTABLE, "sandbox", "--port", "0", "--requests-per-minute", "100000", *flags]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    try:
        yield Sandbox(json.loads(process.stdout.readline())["url"])
    finally:
        process.terminate()
        process.wait(timeout=30)
