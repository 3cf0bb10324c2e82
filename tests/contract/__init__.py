"""What the service promises to any EHR, tried on real servers."""
