"""How fast the paper is built, and how large what comes of it: "make bench"."""
