"""The HTTP service, asked over a socket as integrators ask it."""
