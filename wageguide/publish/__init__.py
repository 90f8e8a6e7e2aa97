"""The only sink: what is published, and the only place where a wage is rounded."""
