"""The nightly bot that keeps an ML platform's clouds clean."""
