"""Tests of the room that bears this folder's name."""
