"""With files, processes and the installed package."""
