"""Tests of titrate.app."""
