"""Spreadsheets and documents of office programs: .xlsx, .xls, .ods, .xlsb, .docx."""
