"""Every state of every screen, as scenes: what pictures and the layout lint go through."""
