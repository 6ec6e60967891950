"""Serve the application on a port of this machine, its jobs running the command beside this file."""

import sys
from pathlib import Path

from streamlit.web.cli import main

from territo.studies import jobs

ROOT = Path(__file__).resolve().parents[2]
jobs.COMMAND = (sys.executable, str(Path(__file__).with_name("command.py")))
options = ["--server.headless", "true", "--server.address", "127.0.0.1", "--server.port", sys.argv[1]]
sys.argv = ["streamlit", "run", str(ROOT / "app.py"), *options]
main()
