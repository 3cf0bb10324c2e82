"""The rules, pure: values in, values out. No clock, network, file, log or web framework."""
