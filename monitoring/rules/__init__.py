"""Pure rules of monitoring, by topic; each names the clause it applies."""
