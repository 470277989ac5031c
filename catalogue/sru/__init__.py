"""SRU 1.2 (http://www.loc.gov/standards/sru/sru-1-2.html): what others ask in CQL, answered from the catalogue."""
