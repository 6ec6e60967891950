"""territo: what an intercommunalité pools at the centre and what it keeps close to people."""
