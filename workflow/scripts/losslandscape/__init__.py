"""Loss landscapes of neural nets: flat, pure, typed functions of weights and losses."""
