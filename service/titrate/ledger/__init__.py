"""The operations database: runs, claims, deliveries and failures. It holds nothing clinical."""
