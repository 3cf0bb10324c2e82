"""The commands, each in the module of its name; the decisions on plans share one module."""
