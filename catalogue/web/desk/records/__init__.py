"""The record form: add, correct, and what surrounds it."""
