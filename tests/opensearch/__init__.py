"""A real cluster of three nodes on this machine, for the tests of the OpenSearch engine."""
