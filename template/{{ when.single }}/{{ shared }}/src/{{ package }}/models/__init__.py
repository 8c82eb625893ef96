"""What the features are about: values that are checked when they are made, and never change after."""
