"""Who and what property is about: parties, units, deeds."""
