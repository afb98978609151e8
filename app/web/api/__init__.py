"""The API for programs: endpoints with shapes, one shape of error, keys, and its own description."""
