"""Commands on rulebooks: checked, shown, tested, drafted and written anew."""
