"""Texts of SQL that several kinds share."""
