"""The tests of Titrate; their folders mirror service/."""
