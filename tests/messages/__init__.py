"""Tests of titrate.messages."""
