"""Session classes and flares."""
