"""How contexts hear of one another: messages that are stored with what they tell of, each handled once by each subscriber."""
