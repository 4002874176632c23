"""Readers of documents: text, Word, PDF with text, HTML and spreadsheets become paragraphs and rows."""
