"""One file a change, each with the one before it in `down_revision`. A change that was released is never edited."""
