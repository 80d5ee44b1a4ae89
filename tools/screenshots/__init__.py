"""The scenes of which pictures are taken, one function each: `@scene("name")` in any module of this folder."""
