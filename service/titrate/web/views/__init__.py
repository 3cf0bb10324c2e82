"""The views of the HTTP service, one module for each topic."""
