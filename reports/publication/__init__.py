"""The version of a run that a county publishes: nobody's name, no places in files, no ids."""
