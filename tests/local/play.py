"""A stack of throw-away programs in the place of web and worker: `python -m tests.local.play VAR PORT`.

The environment sets the scene: WEB and WORKER are Python programs, BEFORE one that runs first.
"""

import os
import sys
from pathlib import Path

from app.local.plan import Errand, Plan, Program
from app.local.process import LocalError
from app.local.supervisor import Supervisor

WEB = """
import http.server, os, signal, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(os.environ.get("STATUS", "200"))); self.end_headers()
        self.wfile.write(os.environ.get("BODY", "said so").encode())
    def log_message(self, *words): pass
signal.signal(signal.SIGTERM, lambda *_: (print("web stopped", flush=True), os._exit(0)))
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answer).serve_forever()
"""
WORKER = "import time\nprint('at work', flush=True)\ntime.sleep(1000)"


def plan(var: Path, port: int) -> Plan:
    """The plan of this play."""
    python = sys.executable
    programs = {"web": os.environ.get("WEB", WEB), "worker": os.environ.get("WORKER", WORKER)}
    return Plan(
        var=var,
        port=port,
        env=os.environ,
        before=(Errand("Preparing …", [python, "-c", os.environ.get("BEFORE", "print('prepared')")]),),
        programs=tuple(Program(name, [python, "-c", text]) for name, text in programs.items()),
        after=([python, "-c", "print('sign in as ada@example.org', flush=True)"],),
        patience=float(os.environ.get("PATIENCE", "20")),
    )


if __name__ == "__main__":
    try:
        Supervisor(plan(Path(sys.argv[1]), int(sys.argv[2]))).run()
    except LocalError as error:
        sys.exit(str(error))
