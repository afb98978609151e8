"""Operations: what the clock does for all groups, and what is watched."""
