"""Benign noise: records that say nothing about exercise never lower a dose (clinical rule B13.18)."""
