"""Individual Agreements: one young person, one council, one provider; mentors and assignments."""
