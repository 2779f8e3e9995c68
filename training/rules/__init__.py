"""Pure rules of training, by topic; each names the clause it applies."""
