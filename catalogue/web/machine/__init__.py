"""What machines read: JSON, files, health."""
