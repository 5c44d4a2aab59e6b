"""The settings of a project: `[tool.fal-typed]` of its `pyproject.toml`."""

from .load import load_settings, parse_pyproject, settings_from
from .model import Layout, Published, RuntimePart, Settings, SettingsError, SiteSettings, read_pyproject

__all__ = [
    "Layout",
    "Published",
    "RuntimePart",
    "Settings",
    "SettingsError",
    "SiteSettings",
    "load_settings",
    "parse_pyproject",
    "read_pyproject",
    "settings_from",
]
