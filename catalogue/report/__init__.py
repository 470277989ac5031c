"""The report of a year for the label: what was used, what the collection is, what is missing, what cannot be known."""
