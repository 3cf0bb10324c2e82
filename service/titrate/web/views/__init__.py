"""The addresses of the HTTP service."""
