"""Run the command line as ``python -m territo``."""

from territo.cli import main

main()
