"""Tests of the HTTP service over a socket, as integrators use it."""
