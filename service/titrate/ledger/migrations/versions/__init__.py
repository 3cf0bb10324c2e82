"""One file per migration, linked by `down_revision`. A released migration is never edited."""
