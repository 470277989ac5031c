"""The engine of several centres and servers: an OpenSearch cluster keeps the index and works out the scores.

    address   where the cluster is, and who asks: what CATALOGUE_INDEX says
    cluster   one request, asked again of the next node where one does not answer
    mapping   documents → what the cluster keeps of them (``search.entries`` says which terms a document has)
    clauses   a plan → clauses: which records are answers, which have every word, what each scores
    requests  clauses → requests: filters, counts, order, page; and what is read from the answers
    lexicon   the words of the index, read now and then: rarities, beginnings, words that are alike
    loading   many documents into the cluster, as fast as it takes them
    indexes   one index beside the other: which one is in use, and how another takes its place
    engine    the contract

The words are ours: texts reach the cluster as ready-made terms, with their weights. The cluster analyses nothing, so
that every engine finds the same. This package alone imports opensearch-py.
"""
