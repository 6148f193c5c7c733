"""How a council makes a referral: for whom, what is needed, who can be asked, and sending it."""
