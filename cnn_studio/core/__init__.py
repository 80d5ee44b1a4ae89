"""Networks as values: kinds of layer, shapes, cost, advice, text exports; standard library and pydantic only."""
