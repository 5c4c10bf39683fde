"""What things cost: dated list prices from a file."""
