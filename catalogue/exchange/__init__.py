"""What other catalogues and classifications give, read into the catalogue's own values. It never asks the store."""
