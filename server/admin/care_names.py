"""What tables and columns of home visits and owed contacts are called."""

from server.domain.refusals import N_

TABLES = (
    N_("Calling wishes"), N_("Contact kinds"), N_("Contact tries"), N_("Data handovers"), N_("Home visits"),
    N_("Referrals"), N_("Visit consents"), N_("Visit effects"), N_("Visit explanations"),
    N_("Visit finding photos"), N_("Visit findings"), N_("Visit gift lines"), N_("Visit gifts"),
    N_("Visit members"), N_("Visit models"), N_("Visit packed"), N_("Visit photos"), N_("Visit plans"),
    N_("Visit presences"), N_("Visit steps"), N_("Visit talks"), N_("Visit team members"), N_("Visit teams"),
    N_("Visit top ups"), N_("Visit vehicles"),
)  # fmt: skip
COLUMNS = (
    N_("Area"), N_("Booked at"), N_("Booked by"), N_("By hand"), N_("Closes"), N_("Confirmed by"), N_("Consent"),
    N_("Contact id"), N_("Day"), N_("Demo car id"), N_("Escalated at"), N_("Finding ids"), N_("Fluid"),
    N_("Follows id"), N_("Gift id"), N_("In at"), N_("Interest"), N_("Is new"), N_("Leader id"), N_("Lines"),
    N_("Month"), N_("On site"), N_("Pieces"), N_("Plan id"), N_("Reasons"), N_("Released at"), N_("Released by"),
    N_("Script"), N_("Set out at"), N_("Share"), N_("Shows"), N_("Signature id"), N_("Signed in at"),
    N_("Signed out at"), N_("Sold"), N_("Target"), N_("Team id"), N_("Vehicle id"), N_("Visit id"), N_("Weekdays"),
    N_("Weight"),
)  # fmt: skip
