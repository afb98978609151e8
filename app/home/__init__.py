"""Landing, sign-up, the group switcher and the overview."""
