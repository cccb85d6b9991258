"""From a file as people have it to figures: read → recognise → columns → checks → store (`pipeline.run`)."""
