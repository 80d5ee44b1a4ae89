"""What the panel of properties shows: one view each for layers, a group, a connection, and the whole network."""
