"""The site: routes, pages and templates over the service. Knows nothing of engines or files."""
