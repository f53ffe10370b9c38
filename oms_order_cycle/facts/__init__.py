"""What Odoo's documents say about orders: milestones and SQL, no ORM."""
