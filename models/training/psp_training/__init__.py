"""Training recipe of the starter model: a small pixel2style2pixel trained from scratch."""
