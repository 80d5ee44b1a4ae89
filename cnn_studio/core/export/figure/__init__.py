"""How a network becomes a figure: what is drawn, where it stands, how the edges run, what it looks like."""
