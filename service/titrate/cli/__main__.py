"""`python -m titrate.cli`: the same as `titrate`."""

from titrate.cli.main import main

main()
