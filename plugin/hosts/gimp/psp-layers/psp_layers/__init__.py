"""pSp Layers for GIMP 3. The package runs on GIMP's own Python (3.10 and later) and needs nothing else."""
