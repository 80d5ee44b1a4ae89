"""The canvas on which a network is drawn: painting, geometry and gestures apart."""
