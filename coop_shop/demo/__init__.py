"""The first run: everything `make demo` starts, seeds and prints."""
