"""Stand-ins of the other state systems for demo and tests: a real HTTP server, synthetic people, faults on demand.

They share no code with the adapters that call them, as the real systems would not.
"""
