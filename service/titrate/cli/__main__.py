"""Runs `titrate` as `python -m titrate.cli`."""

from titrate.cli.main import main

main()
