"""Measurements of the shipped catalogue: speed beside its peers, and relevance on judged data."""
