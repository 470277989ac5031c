"""Records of other catalogues, taken over by OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html):
everything the first time, afterwards what changed."""
