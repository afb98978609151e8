"""Tests of the dues."""
