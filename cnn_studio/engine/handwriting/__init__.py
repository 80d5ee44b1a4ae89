"""How people write digits: the ways of writing each, the curves of a pen, and the ink it leaves."""
