"""What one patient costs. Measurements, no tests."""
