"""The settings of this process, read from the environment, checked at start, and frozen."""

from app.config.reader import ConfigError, read
from app.config.settings import ROLES, Database, Settings, Smtp
from app.config.stack import ROOT, Stack, running

__all__ = ["ROLES", "ROOT", "ConfigError", "Database", "Settings", "Smtp", "Stack", "read", "running"]
