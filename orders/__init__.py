"""An order from placement to completion."""
