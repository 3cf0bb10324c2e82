"""`python -m service.cli`: the same as `titrate`."""

from service.cli.main import main

main()
