"""Mentors: their DBS standing, caseload and assignments."""
