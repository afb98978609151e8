"""The books: accounts, entries, holds, closing; `post` and `reverse` are the only ways in."""
