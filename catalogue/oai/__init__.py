"""OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html): the catalogue as a repository that others
harvest. What is common to both ends of the protocol is in ``dates.py``."""
