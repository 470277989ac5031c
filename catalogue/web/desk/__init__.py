"""The staff's own pages, below ``/desk``."""
