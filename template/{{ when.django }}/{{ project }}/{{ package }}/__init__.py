"""The project: settings, URLs, and what all apps share. Each feature is an app beside this package."""
