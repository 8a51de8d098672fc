"""The ledger: claims as printed, the evidence they are held against, and the verdicts that follow."""
