"""Files that a county writes: waivers, calendar, mapping, preset, manifest."""
