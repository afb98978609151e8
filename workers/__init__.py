"""The background: wake-ups come through Redis, the work itself is read from the outbox in PostgreSQL."""
