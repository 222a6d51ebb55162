"""Editions: freezing, approval, files, drafts and their pages."""
