"""What a parcel weighs for the carrier: rules of billable weight, and carriers'."""
