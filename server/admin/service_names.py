"""What tables and columns of the workshop, of lists brought in and of ratings are called."""

from server.domain.refusals import N_

TABLES = (
    N_("Appointments"), N_("Bays"), N_("Car sales"), N_("Clockings"), N_("Comebacks"), N_("Customer links"),
    N_("Damage photos"), N_("Damages"), N_("Diagnoses"), N_("Extra items"), N_("Extra works"), N_("Finding photos"),
    N_("Import columns"), N_("Import rows"), N_("Imports"), N_("Jobs"), N_("Order jobs"), N_("Order parts"),
    N_("Parts"), N_("Promise changes"), N_("Repair orders"), N_("Reworks"), N_("Settlements"), N_("Shifts"),
    N_("Step ratings"), N_("Stock moves"), N_("Technician skills"), N_("Walk arounds"), N_("Work findings"),
)  # fmt: skip
COLUMNS = (
    N_("About"), N_("Answered at"), N_("Appointment id"), N_("Bay id"), N_("Begins"), N_("Begun at"), N_("Bin"),
    N_("Call wanted at"), N_("Causes"), N_("Cells"), N_("Closed by"), N_("Columns"), N_("Comeback of id"),
    N_("Complaint"), N_("Confirmed at"), N_("Damage id"), N_("Day reminded at"), N_("Delivered on"), N_("Discount"),
    N_("Discount why"), N_("Driver name"), N_("Driver phone"), N_("Duplicates"), N_("Earlier id"),
    N_("Earlier job id"), N_("Efficiency"), N_("Ends"), N_("Energy level"), N_("Errors"), N_("Estimate"),
    N_("Every km"), N_("Every months"), N_("Extra id"), N_("Field"), N_("Filename"), N_("Finding id"),
    N_("First promised at"), N_("For models"), N_("Found"), N_("Found at"), N_("Found by"), N_("Gone at"),
    N_("Guarantee"), N_("Head"), N_("Head row"), N_("Heading"), N_("Hour reminded at"), N_("Hours"), N_("Import id"),
    N_("In guarantee"), N_("Inspected at"), N_("Inspection run id"), N_("Instead of"), N_("Intake run id"),
    N_("Invoiced on"), N_("Job id"), N_("Jobs"), N_("Key number"), N_("Km"), N_("Known from id"), N_("Labour"),
    N_("Lamps"), N_("Last opened at"), N_("Level"), N_("Load"), N_("Minutes"), N_("Moved"), N_("Needing"),
    N_("Next service km"), N_("Next service on"), N_("Noted at"), N_("Noted by"), N_("Old parts"), N_("On hand"),
    N_("Opens"), N_("Options"), N_("Order id"), N_("Order job id"), N_("Order part id"), N_("Ordered at"), N_("Other"),
    N_("Other name"), N_("Own"), N_("Owner id"), N_("Paid at"), N_("Panel"), N_("Part class"), N_("Part id"),
    N_("Parts"), N_("Parts total"), N_("Passed on"), N_("Payer"), N_("Planned end"), N_("Planned start"),
    N_("Private"), N_("Promised at"), N_("Promised on"), N_("Proof"), N_("Quantity"), N_("Rated at"), N_("Rating"),
    N_("Read to"), N_("Ready at"), N_("Received at"), N_("Reorder at"), N_("Repair"), N_("Reserved"),
    N_("Return run id"), N_("Reversed at"), N_("Reverses id"), N_("Rounding"), N_("Said"), N_("Same job"),
    N_("Sample"), N_("Score"), N_("Sent at"), N_("Settings"), N_("Settled at"), N_("Short"), N_("Side"),
    N_("Signed at"), N_("Signs"), N_("Skill"), N_("Skills"), N_("Stay"), N_("Step"), N_("Struck at"), N_("Tax"),
    N_("Tax rate"), N_("Technician id"), N_("Tread"), N_("Urgency"), N_("Valuables"), N_("Waits here"), N_("Walk id"),
    N_("Walk run id"), N_("Wash"), N_("Wash started at"), N_("Washed at"), N_("Weekday"), N_("Who"),
    N_("Why declined"), N_("Words"), N_("Work ended at"), N_("Work started at"), N_("X"), N_("Y"),
)  # fmt: skip
