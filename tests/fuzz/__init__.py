"""Random posts to every form, each of which can be sent again by its seed and number."""
