"""Who is regulated: identity, search, relations and Records."""
