"""Reconciliation: published figures as intervals, accounting identities as linear constraints."""
