"""Platform staff: groups and their health, looks inside with a reason, settings, alerts, dead letters."""
