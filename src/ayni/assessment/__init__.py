"""Frameworks as documents: answers and inputs give a score as a band."""
