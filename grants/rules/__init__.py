"""Pure rules of grants, by topic; each names the clause it applies."""
