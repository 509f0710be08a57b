"""A client of the pSp Layers bridge for editors that run Python (3.10 and later): the standard library and
nothing else. A host's plug-in brings a copy of this folder along."""
