"""What may be published: protection of enterprises and persons, and the attack on it."""
