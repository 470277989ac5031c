"""The web addresses of the collection: which there are, whether they answer, what is known of each over the days.

``collected`` gathers them, ``asking`` asks a web server politely, ``looking`` makes a finding of its answers,
``judging`` puts it beside what was known, ``run`` goes through all of them, ``checks`` does so in the background.
"""
