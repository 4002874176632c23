"""A made-up, labelled county year to try the product on."""
