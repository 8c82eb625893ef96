"""How contexts hear of one another: messages that leave after the commit, each handled once by each subscriber."""
