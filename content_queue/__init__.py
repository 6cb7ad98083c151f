"""What is said, where it stands, and what moves it.

The floor of the house, in three storeys: the vocabulary (`models`, `states`, `outcomes`, `ports`,
`texts`, `localize`) that every room may import; the store, which holds the only SQL; and the
delivery, which knows publishers, clock and writer only as protocols.
"""
