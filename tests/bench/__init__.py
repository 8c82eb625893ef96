"""``make bench``: what the template and the projects that it makes cost, beside the least that the same could cost."""
