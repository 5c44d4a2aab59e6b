"""What an endpoint takes and gives, told to people: rows, tables, signatures."""
