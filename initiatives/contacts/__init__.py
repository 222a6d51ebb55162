"""Who answers for an initiative, what they may do, and the reminders that they get."""
