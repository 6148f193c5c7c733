"""An issued invoice as files: UBL, PDF, CSV and XLSX, all from one frozen document."""
