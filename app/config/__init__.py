"""The settings of this process, read from the environment, checked at start, and frozen."""

from app.config.parts import ROLES, Backups, Database, Smtp
from app.config.settings import ConfigError, Settings
from app.config.stack import ROOT, Stack, running

__all__ = ["ROLES", "ROOT", "Backups", "ConfigError", "Database", "Settings", "Smtp", "Stack", "running"]
