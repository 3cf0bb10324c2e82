"""The HTTP service: the same functions as the command line, for integrators. Decides nothing of its own."""
