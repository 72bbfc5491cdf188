"""What a network learns from: generators, bundled tables, the user's own table; and how it is prepared.

The way of the numbers is `datasets.load` (raw examples) and then `prepare.prepare` (what the network sees).
Both depend on nothing but their arguments: the same settings and seed give the same arrays, bit for bit.
`tables.read_table` turns a file into a `settings.Table`; it is the only thing here that reads what a user
wrote, and it writes nothing.

This room knows nothing of networks, training or windows.  What a user can cause raises a `DataError` or
`SettingError` whose text names the row and the column.
"""
