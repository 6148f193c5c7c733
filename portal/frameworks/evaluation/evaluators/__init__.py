"""Who evaluates a round: named by their council, declaring conflicts, standing down."""
