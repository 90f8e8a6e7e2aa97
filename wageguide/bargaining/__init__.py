"""Consultation: where an enterprise stands, what an offer costs, where both sides could agree."""
