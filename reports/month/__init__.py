"""The page Måneden: the secretariat's steps from the first status to the next month."""
