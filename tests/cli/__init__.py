"""Tests of titrate.cli: commands as users and scripts run them."""
