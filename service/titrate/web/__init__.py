"""The HTTP service: the functions of the command line for integrators. It makes no decision of its own."""
