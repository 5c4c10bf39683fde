"""What things cost: dated list prices from a file, and what a resource bills while it idles."""
