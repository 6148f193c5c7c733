"""Files that leave the portal: typeset PDF, CSV and XLSX, whatever they are about."""
